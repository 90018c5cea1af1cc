/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.blocking;

import static dev.weft.internal.blocking.TestHost.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.internal.task.TaskCell;
import dev.weft.task.TaskCancelledException;
import dev.weft.task.WhenFull;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BlockingPoolAbortTests {

    @Test
    void abortedQueuedJobNeverRuns() throws Exception {
        try (TestPool test = TestPool.withThreads(1)) {
            test.hold(1);
            var ran = new AtomicBoolean();
            TaskCell<?> job = test.submit(() -> {
                ran.set(true);
                return null;
            });
            assertThat(job.abort("changed my mind")).isTrue();
            assertThatThrownBy(job::join)
                    .isInstanceOf(TaskCancelledException.class)
                    .hasMessageContaining("changed my mind");
            test.letGo();
            test.submit(() -> null).join();
            assertThat(ran).isFalse();
            eventually().until(() -> test.metrics().completed() == 2);
            assertThat(test.metrics().started()).isEqualTo(2);
        }
    }

    @Test
    void abortedQueuedJobFreesItsPlaceAtOnce() {
        try (TestPool test = TestPool.of(1, TestPool.LONG, 2, WhenFull.REJECT, TestPool.LONG)) {
            test.hold(1);
            for (int i = 0; i < 100; i++) {
                TaskCell<?> first = test.submit(() -> null);
                TaskCell<?> second = test.submit(() -> null);
                assertThatThrownBy(() -> test.submit(() -> null)).isInstanceOf(RejectedExecutionException.class);
                first.abort("first");
                assertThat(test.metrics().queued()).isEqualTo(1);
                TaskCell<?> third = test.submit(() -> null);
                second.abort("second");
                third.abort("third");
                assertThat(test.metrics().queued()).isZero();
            }
        }
    }

    @Test
    void abortedQueuedJobLetsAWaitingSubmitterIn() throws Exception {
        try (TestPool test = TestPool.of(1, TestPool.LONG, 1, WhenFull.WAIT, TestPool.LONG)) {
            test.hold(1);
            TaskCell<?> queued = test.submit(() -> null);
            TaskCell<Integer> next = test.host.task(() -> 2);
            Thread submitter = Thread.ofVirtual().start(() -> test.pool.submit(next));
            eventually().until(() -> submitter.getState() == Thread.State.TIMED_WAITING);
            queued.abort("make room");
            submitter.join();
            test.letGo();
            assertThat(next.join()).isEqualTo(2);
        }
    }

    @Test
    void jobThatWasAbortedBeforeItCameIsDropped() {
        try (TestPool test = TestPool.withThreads(1)) {
            test.hold(1);
            TaskCell<?> job = test.host.task(() -> null);
            job.abort("too soon");
            test.pool.submit(job);
            assertThat(test.metrics().queued()).isZero();
        }
    }

    @Test
    void runningJobIsInterruptedAndTheThreadIsCleanAfterwards() throws Exception {
        try (TestPool test = TestPool.withThreads(1)) {
            TaskCell<?> job = test.hold(1).getFirst();
            job.abort("stop");
            eventually().until(job::isDone);
            assertThat(job.isCancelled()).isTrue();
            assertThat(test.submit(() -> Thread.currentThread().isInterrupted()).join())
                    .isFalse();
        }
    }

    @RepeatedTest(50)
    void interruptAllAbortsQueuedAndRunningJobsAndNamesThem() {
        try (TestPool test = TestPool.withThreads(2)) {
            List<TaskCell<?>> jobs = new ArrayList<>(test.hold(2));
            jobs.add(test.submit(() -> null));
            jobs.add(test.submit(() -> null));
            assertThat(test.pool.interruptAll("closing")).containsExactlyInAnyOrderElementsOf(jobs);
            eventually().until(test.pool::isIdle);
            assertThat(jobs).allMatch(TaskCell::isCancelled).allMatch(job -> job.abortReason().equals("closing"));
            assertThat(test.host.endedUnstarted).hasValue(2);
        }
    }

    @Test
    void jobThatIgnoresTheInterruptIsAmongTheSurvivors() throws Exception {
        try (TestPool test = TestPool.withThreads(2)) {
            var release = new AtomicBoolean();
            var running = new CountDownLatch(1);
            TaskCell<?> deaf = test.submit(() -> {
                running.countDown();
                while (!release.get()) {
                    Thread.onSpinWait();
                }
                return null;
            });
            running.await();
            test.hold(1);
            test.pool.shutdown();
            List<TaskCell<?>> aborted = test.pool.interruptAll("closing");
            assertThat(test.pool.awaitTermination(Duration.ofMillis(50))).isFalse();
            eventually().until(() -> aborted.stream().filter(job -> !job.isDone()).toList().equals(List.of(deaf)));
            release.set(true);
            assertThat(test.pool.awaitTermination(TestPool.LONG)).isTrue();
        }
    }

    @Test
    void jobThatIsDoneIsNotNamed() throws Exception {
        try (TestPool test = TestPool.withThreads(1)) {
            test.submit(() -> null).join();
            assertThat(test.pool.interruptAll("closing")).isEmpty();
        }
    }
}
