/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.blocking;

import static dev.weft.internal.blocking.TestHost.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.weft.internal.task.TaskCell;
import dev.weft.task.WhenFull;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class BlockingPoolFullTests {

    private static final Duration SHORT = Duration.ofMillis(20);

    // ---- reject ----------------------------------------------------------------------------------------------------

    @Test
    void rejectThrowsAtOnceAndSaysWhichLimitsWereReached() {
        try (TestPool test = TestPool.full(WhenFull.REJECT, TestPool.LONG)) {
            TaskCell<?> job = test.host.task(() -> null);
            assertThatThrownBy(() -> test.pool.submit(job))
                    .isInstanceOf(RejectedExecutionException.class)
                    .hasMessage("blocking pool 'test' is full: 1 threads busy (blocking.max-threads)"
                            + " and 1 jobs queued (blocking.queue-capacity)");
            assertThat(test.metrics().rejected()).isEqualTo(1);
            assertThat(test.metrics().submitted()).isEqualTo(2);
            test.letGo();
            eventually().until(test.pool::isIdle);
            assertThat(job.isDone()).isFalse();
        }
    }

    @Test
    void queueIsNotFullWhileAThreadCanBeHad() {
        try (TestPool test = TestPool.of(16, TestPool.LONG, 1, WhenFull.REJECT, TestPool.LONG)) {
            test.hold(16); // all at once: most of them are queued for a moment
            test.submit(() -> null);
            assertThatThrownBy(() -> test.submit(() -> null)).isInstanceOf(RejectedExecutionException.class);
        }
    }

    @Test
    void idleThreadsGiveRoom() {
        try (TestPool test = TestPool.of(4, TestPool.LONG, 1, WhenFull.REJECT, TestPool.LONG)) {
            for (int round = 0; round < 100; round++) {
                eventually().until(test.pool::isIdle);
                var done = new CountDownLatch(1);
                for (int i = 0; i < 5; i++) { // four threads and one place
                    test.submit(() -> {
                        done.await();
                        return null;
                    });
                }
                assertThatThrownBy(() -> test.submit(() -> null)).isInstanceOf(RejectedExecutionException.class);
                done.countDown();
            }
        }
    }

    @Test
    void unboundedQueueIsNeverFull() {
        try (TestPool test = TestPool.withThreads(1)) {
            test.hold(1);
            for (int i = 0; i < 10_000; i++) {
                test.submit(() -> null);
            }
            assertThat(test.metrics().queued()).isEqualTo(10_000);
        }
    }

    @Test
    void largerCapacityCountsAtOnceAndASmallerOneKeepsWhatIsQueued() {
        try (TestPool test = TestPool.full(WhenFull.REJECT, TestPool.LONG)) {
            test.pool.queueCapacity(3);
            test.submit(() -> null);
            test.submit(() -> null);
            assertThatThrownBy(() -> test.submit(() -> null)).isInstanceOf(RejectedExecutionException.class);

            test.pool.queueCapacity(1);
            assertThat(test.metrics().queued()).isEqualTo(3);
            assertThatThrownBy(() -> test.submit(() -> null)).isInstanceOf(RejectedExecutionException.class);

            test.pool.queueCapacity(0);
            test.submit(() -> null);
            assertThat(test.pool.limits().queueCapacity()).isZero();
        }
    }

    // ---- caller runs -----------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void callerRunsTheJobBeforeSubmitReturns(boolean virtual) throws Exception {
        try (TestPool test = TestPool.full(WhenFull.CALLER_RUNS, TestPool.LONG)) {
            Thread runner = on(virtual, () -> {
                TaskCell<Thread> job = test.submit(Thread::currentThread);
                assertThat(job.isDone()).isTrue();
                assertThat(job.join()).isSameAs(Thread.currentThread());
                return job.join();
            });
            assertThat(runner.isVirtual()).isEqualTo(virtual);
            assertThat(test.metrics().callerRuns()).isEqualTo(1);
            assertThat(test.metrics().submitted()).isEqualTo(2);
        }
    }

    @Test
    void jobOnACallerIsListedAndAborted() throws Exception {
        try (TestPool test = TestPool.full(WhenFull.CALLER_RUNS, TestPool.LONG)) {
            var running = new CountDownLatch(1);
            var job = test.host.task(() -> {
                running.countDown();
                new CountDownLatch(1).await();
                return null;
            });
            Thread caller = Thread.ofPlatform().start(() -> test.pool.submit(job));
            running.await();
            List<Thread> threads = new ArrayList<>();
            test.pool.forEachJob((task, isRunning, thread) -> {
                if (task == job) {
                    threads.add(thread);
                }
            });
            assertThat(threads).containsExactly(caller);
            assertThat(test.pool.interruptAll("enough")).contains(job);
            caller.join();
            assertThat(job.isCancelled()).isTrue();
        }
    }

    @Test
    void abortOfTheCallersTaskOutlivesTheJobItRuns() throws Exception {
        try (TestPool test = TestPool.full(WhenFull.CALLER_RUNS, TestPool.LONG);
                TestPool other = TestPool.withThreads(1)) {
            var inside = new CountDownLatch(1);
            var interrupted = new AtomicReference<Boolean>();
            TaskCell<?> caller = other.submit(() -> {
                test.submit(() -> {
                    inside.countDown();
                    new CountDownLatch(1).await(); // the caller's abort hits this one
                    return null;
                });
                interrupted.set(Thread.currentThread().isInterrupted());
                return null;
            });
            inside.await();
            caller.abort("the caller");
            eventually().until(caller::isDone);
            assertThat(interrupted.get()).isTrue();
        }
    }

    // ---- wait ------------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void waitEndsWhenAJobLeavesTheQueue(boolean virtual) throws Exception {
        try (TestPool test = TestPool.full(WhenFull.WAIT, TestPool.LONG)) {
            FutureTask<Integer> submitter = start(virtual, () -> test.submit(() -> 5).join());
            awaitWaiting(test, 1);
            test.letGo();
            assertThat(submitter.get()).isEqualTo(5);
            assertThat(test.metrics().rejected()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void waitIsOverAfterItsTimeout(boolean virtual) {
        try (TestPool test = TestPool.full(WhenFull.WAIT, SHORT)) {
            TaskCell<?> job = test.host.task(() -> null);
            Throwable thrown = catchThrowable(() -> on(virtual, () -> {
                test.pool.submit(job);
                return null;
            }));
            assertThat(thrown)
                    .isInstanceOf(RejectedExecutionException.class)
                    .hasMessageStartingWith("blocking pool 'test' is full after PT0.02S: 1 threads busy")
                    .hasNoCause();
            assertThat(test.metrics().rejected()).isEqualTo(1);
            test.letGo();
            eventually().until(test.pool::isIdle);
            assertThat(job.isDone()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void interruptedWaiterIsRejectedAndStaysInterrupted(boolean virtual) throws Exception {
        try (TestPool test = TestPool.full(WhenFull.WAIT, TestPool.LONG)) {
            var thread = new AtomicReference<Thread>();
            FutureTask<Throwable> submitter = start(virtual, () -> {
                thread.set(Thread.currentThread());
                Throwable thrown = catchThrowable(() -> test.submit(() -> null));
                assertThat(Thread.currentThread().isInterrupted()).isTrue();
                return thrown;
            });
            awaitWaiting(test, 1);
            thread.get().interrupt();
            assertThat(submitter.get())
                    .isInstanceOf(RejectedExecutionException.class)
                    .hasCauseInstanceOf(InterruptedException.class);
            assertThat(test.metrics().queued()).isEqualTo(1);
        }
    }

    @Test
    void submitterThatIsInterruptedAlreadyDoesNotWait() throws Exception {
        try (TestPool test = TestPool.full(WhenFull.WAIT, TestPool.LONG)) {
            Throwable thrown = on(false, () -> {
                Thread.currentThread().interrupt();
                return catchThrowable(() -> test.submit(() -> null));
            });
            assertThat(thrown).hasCauseInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void interruptedSubmitterThatNeedNotWaitIsNotRejected() throws Exception {
        try (TestPool test = TestPool.of(1, TestPool.LONG, 1, WhenFull.WAIT, TestPool.LONG)) {
            TaskCell<Integer> job = on(false, () -> {
                Thread.currentThread().interrupt();
                return test.submit(() -> 1);
            });
            assertThat(job.join()).isEqualTo(1);
        }
    }

    @Test
    void waitingSubmittersComeInTheOrderTheyCame() throws Exception {
        try (TestPool test = TestPool.full(WhenFull.WAIT, TestPool.LONG)) {
            List<Integer> order = Collections.synchronizedList(new ArrayList<>());
            List<FutureTask<TaskCell<Boolean>>> submitters = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                int n = i;
                submitters.add(start(i % 2 == 0, () -> test.submit(() -> order.add(n))));
                awaitWaiting(test, i + 1);
            }
            test.letGo();
            for (FutureTask<TaskCell<Boolean>> submitter : submitters) {
                submitter.get().join();
            }
            assertThat(order).hasSize(20).isSorted();
        }
    }

    @Test
    void newcomerDoesNotOvertakeAWaitingSubmitter() throws Exception {
        try (TestPool test = TestPool.full(WhenFull.WAIT, TestPool.LONG)) {
            FutureTask<?> first = start(false, () -> test.submit(() -> null));
            awaitWaiting(test, 1);
            FutureTask<?> second = start(false, () -> test.submit(() -> null));
            awaitWaiting(test, 2);
            test.pool.queueCapacity(2);
            first.get();
            assertThat(second.isDone()).isFalse();
            test.letGo();
            second.get();
        }
    }

    @Test
    void moreRoomLetsAWaitingSubmitterIn() throws Exception {
        try (TestPool test = TestPool.full(WhenFull.WAIT, TestPool.LONG)) {
            FutureTask<TaskCell<Integer>> submitter = start(true, () -> test.submit(() -> 1));
            awaitWaiting(test, 1);
            test.pool.queueCapacity(2);
            assertThat(submitter.get().isDone()).isFalse();
        }
    }

    @Test
    void moreThreadsLetAWaitingSubmitterIn() throws Exception {
        try (TestPool test = TestPool.full(WhenFull.WAIT, TestPool.LONG)) {
            FutureTask<TaskCell<Integer>> submitter = start(true, () -> test.submit(() -> 1));
            awaitWaiting(test, 1);
            test.pool.resize(2);
            assertThat(submitter.get().join()).isEqualTo(1);
        }
    }

    @Test
    void abortOfAJobWhoseSubmitterWaitsEndsTheWait() throws Exception {
        try (TestPool test = TestPool.full(WhenFull.WAIT, TestPool.LONG)) {
            TaskCell<?> job = test.host.task(() -> null);
            FutureTask<?> submitter = start(false, () -> {
                test.pool.submit(job);
                return null;
            });
            awaitWaiting(test, 1);
            job.abort("not needed");
            submitter.get();
            assertThat(job.isCancelled()).isTrue();
            assertThat(test.metrics().rejected()).isZero();
        }
    }

    private static void awaitWaiting(TestPool test, int submitters) {
        eventually().until(() -> {
            List<TaskCell<?>> notRunning = new ArrayList<>();
            test.pool.forEachJob((job, running, thread) -> {
                if (!running) {
                    notRunning.add(job);
                }
            });
            return notRunning.size() == submitters + 1; // the first one is queued
        });
    }

    private static <T> FutureTask<T> start(boolean virtual, Callable<T> body) {
        var future = new FutureTask<>(body);
        if (virtual) {
            Thread.ofVirtual().start(future);
        } else {
            Thread.ofPlatform().daemon().start(future);
        }
        return future;
    }

    private static <T> T on(boolean virtual, Callable<T> body) throws Exception {
        try {
            return start(virtual, body).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RejectedExecutionException rejected) {
                throw rejected;
            }
            throw e;
        }
    }
}
