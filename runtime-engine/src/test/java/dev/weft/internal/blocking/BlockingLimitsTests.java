/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.blocking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.weft.task.WhenFull;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BlockingLimitsTests {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void acceptsTheEndsOfEachRange() {
        assertThat(limits(1, Duration.ZERO, 0, Duration.ZERO).maxThreads()).isEqualTo(1);
        assertThat(limits(65_536, Duration.ofDays(365), Integer.MAX_VALUE, Duration.ofDays(365)).queueCapacity())
                .isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void namesThePropertyTheValueAndTheRangeOfTooFewOrTooManyThreads() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> limits(0, SECOND, 0, SECOND))
                .withMessage("maxThreads (blocking.max-threads) is 0, but must be between 1 and 65536");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> limits(65_537, SECOND, 0, SECOND))
                .withMessageContaining("is 65537");
    }

    @Test
    void namesThePropertyOfABadKeepAlive() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> limits(1, Duration.ofMillis(-1), 0, SECOND))
                .withMessage("keepAlive (blocking.keep-alive) is PT-0.001S, but must be between PT0S and PT8760H");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> limits(1, Duration.ofDays(366), 0, SECOND))
                .withMessageContaining("blocking.keep-alive");
    }

    @Test
    void namesThePropertyOfABadCapacity() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> limits(1, SECOND, -1, SECOND))
                .withMessageContaining("blocking.queue-capacity")
                .withMessageContaining("is -1")
                .withMessageContaining("0 is unbounded");
    }

    @Test
    void namesThePropertyOfABadWaitTimeout() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> limits(1, SECOND, 0, Duration.ofSeconds(-5)))
                .withMessageContaining("blocking.wait-timeout");
    }

    private static BlockingLimits limits(int threads, Duration keepAlive, int capacity, Duration wait) {
        return new BlockingLimits(threads, keepAlive, capacity, WhenFull.WAIT, wait);
    }
}
