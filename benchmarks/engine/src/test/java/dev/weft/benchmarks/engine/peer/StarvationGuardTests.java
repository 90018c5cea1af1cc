/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.benchmarks.engine.peer.Workload.Background;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class StarvationGuardTests {

    private final CountDownLatch loadIsGone = new CountDownLatch(1);
    private final Background load = new Background() {
        @Override
        public void cancel() {
            loadIsGone.countDown();
        }

        @Override
        public void awaitEnd() throws InterruptedException {
            loadIsGone.await();
        }
    };

    @Test
    void runThatIsStarvedByTheLoadFailsAndEnds() {
        Workload starved = Workload.repeatedBeside(() -> load, 1, loadIsGone::await);

        assertThatThrownBy(() -> starved.timed().run(1))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageStartingWith("starves");
    }

    @Test
    void loadIsGoneWhenTheRunIsOver() throws Exception {
        Workload quick = Workload.repeatedBeside(() -> load, 1, () -> assertThat(loadIsGone.getCount()).isEqualTo(1));

        quick.timed().run(1);

        assertThat(loadIsGone.getCount()).isZero();
    }
}
