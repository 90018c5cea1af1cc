/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.blocking;

import static dev.weft.internal.blocking.TestHost.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.internal.task.TaskCell;
import dev.weft.task.WhenFull;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BlockingPoolShutdownTests {

    @Test
    void newJobsAreRefused() {
        try (TestPool test = TestPool.withThreads(1)) {
            test.pool.shutdown();
            assertThatThrownBy(() -> test.submit(() -> null))
                    .isInstanceOf(RejectedExecutionException.class)
                    .hasMessage("blocking pool 'test' is shut down");
            assertThat(test.metrics().rejected()).isEqualTo(1);
        }
    }

    @Test
    void queuedAndRunningJobsStillEnd() {
        try (TestPool test = TestPool.withThreads(2)) {
            List<TaskCell<?>> jobs = new ArrayList<>(test.hold(2));
            for (int i = 0; i < 50; i++) {
                jobs.add(test.submit(() -> null));
            }
            test.pool.shutdown();
            assertThat(test.pool.awaitTermination(Duration.ofMillis(20))).isFalse();
            test.letGo();
            assertThat(test.pool.awaitTermination(TestPool.LONG)).isTrue();
            assertThat(jobs).allMatch(TaskCell::hasValue);
            assertThat(test.metrics().threads()).isZero();
        }
    }

    @Test
    void idleThreadsLeaveAtOnce() {
        try (TestPool test = TestPool.withThreads(8)) {
            test.hold(8);
            test.letGo();
            eventually().until(() -> test.metrics().idleThreads() == 8);
            test.pool.shutdown();
            assertThat(test.pool.awaitTermination(TestPool.LONG)).isTrue();
        }
    }

    @Test
    void poolThatNeverHadAJobIsTerminatedAtOnce() {
        try (TestPool test = TestPool.withThreads(8)) {
            assertThat(test.pool.awaitTermination(Duration.ZERO)).isFalse();
            test.pool.shutdown();
            assertThat(test.pool.awaitTermination(Duration.ZERO)).isTrue();
        }
    }

    @Test
    void submitterThatWaitsForRoomIsRefused() throws Exception {
        try (TestPool test = TestPool.full(WhenFull.WAIT, TestPool.LONG)) {
            var submitter = new FutureTask<>(() -> test.submit(() -> null));
            Thread thread = Thread.ofVirtual().start(submitter);
            eventually().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
            test.pool.shutdown();
            assertThatThrownBy(submitter::get)
                    .hasCauseInstanceOf(RejectedExecutionException.class)
                    .hasMessageContaining("is shut down");
        }
    }

    @Test
    void interruptEndsAwaitTerminationAndStays() {
        try (TestPool test = TestPool.withThreads(1)) {
            test.hold(1);
            Thread.currentThread().interrupt();
            assertThat(test.pool.awaitTermination(TestPool.LONG)).isFalse();
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void limitsCanStillBeChanged() {
        try (TestPool test = TestPool.withThreads(1)) {
            test.hold(1);
            List<TaskCell<?>> queued = List.of(test.submit(() -> null), test.submit(() -> null));
            test.pool.shutdown();
            test.pool.resize(4);
            eventually().until(() -> queued.stream().allMatch(TaskCell::isDone));
        }
    }
}
