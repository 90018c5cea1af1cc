/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.weft.task.WhenFull;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AdmissionLimitsTests {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void zeroMeansNoLimit() {
        AdmissionLimits limits = new AdmissionLimits(0, 0, WhenFull.WAIT, Duration.ZERO);
        assertThat(limits.maxConcurrentTasks()).isZero();
        assertThat(limits.queueCapacity()).isZero();
    }

    @Test
    void namesThePropertyTheValueAndTheRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AdmissionLimits(-3, 0, WhenFull.WAIT, SECOND))
                .withMessage("maxConcurrentTasks (max-concurrent-tasks) is -3, but must be between 0 and 2147483647,"
                        + " where 0 is unlimited");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AdmissionLimits(0, -1, WhenFull.WAIT, SECOND))
                .withMessageStartingWith("queueCapacity (queue-capacity) is -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AdmissionLimits(0, 0, WhenFull.WAIT, Duration.ofNanos(-1)))
                .withMessageStartingWith("waitTimeout (wait-timeout) is PT-0.000000001S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AdmissionLimits(0, 0, WhenFull.WAIT, Duration.ofDays(400)))
                .withMessageContaining("between PT0S and PT8760H");
    }
}
