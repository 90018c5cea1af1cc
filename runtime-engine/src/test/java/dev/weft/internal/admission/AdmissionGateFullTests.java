/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.admission;

import static dev.weft.internal.blocking.TestHost.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.weft.internal.task.TaskCell;
import dev.weft.task.WhenFull;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class AdmissionGateFullTests {

    private static final Duration SHORT = Duration.ofMillis(20);

    @Test
    void rejectThrowsAtOnceAndSaysWhichLimitsWereReached() {
        TestGate test = TestGate.full(WhenFull.REJECT, TestGate.LONG);
        TaskCell<?> task = test.host.task(() -> null);
        assertThatThrownBy(() -> test.gate.admit(task))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessage("the admission queue is full: 1 tasks under way (max-concurrent-tasks)"
                        + " and 1 queued (queue-capacity)");
        assertThat(test.gate.metrics().rejected()).isEqualTo(1);
        test.runAll();
        assertThat(task.isDone()).isFalse();
        assertThat(test.gate.metrics().running()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void callerRunsTheTaskWithoutAPermit(boolean virtual) throws Exception {
        TestGate test = TestGate.full(WhenFull.CALLER_RUNS, TestGate.LONG);
        FutureTask<Boolean> caller = start(virtual, () -> {
            TaskCell<Thread> task = test.host.task(Thread::currentThread);
            test.gate.admit(task);
            return task.join() == Thread.currentThread();
        });
        assertThat(caller.get()).isTrue();
        assertThat(test.gate.metrics().callerRuns()).isEqualTo(1);
        assertThat(test.gate.metrics().running()).isEqualTo(1);
        assertThat(test.gate.metrics().queued()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void waitEndsWhenAQueuedTaskIsAdmitted(boolean virtual) throws Exception {
        TestGate test = TestGate.full(WhenFull.WAIT, TestGate.LONG);
        FutureTask<TaskCell<Integer>> submitter = start(virtual, test::admit);
        awaitWaiting(test, 1);
        test.runNext();
        TaskCell<Integer> task = submitter.get();
        assertThat(test.scheduled).doesNotContain(task); // it has a place, not yet a permit
        test.runAll();
        assertThat(task.hasValue()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void waitIsOverAfterItsTimeout(boolean virtual) {
        TestGate test = TestGate.full(WhenFull.WAIT, SHORT);
        assertThatThrownBy(start(virtual, test::admit)::get)
                .hasCauseInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("full after PT0.02S");
        assertThat(test.gate.metrics().rejected()).isEqualTo(1);
        assertThat(test.queued()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void interruptedWaiterIsRejectedAndStaysInterrupted(boolean virtual) throws Exception {
        TestGate test = TestGate.full(WhenFull.WAIT, TestGate.LONG);
        var thread = new AtomicReference<Thread>();
        FutureTask<Throwable> submitter = start(virtual, () -> {
            thread.set(Thread.currentThread());
            Throwable thrown = catchThrowable(test::admit);
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
            return thrown;
        });
        awaitWaiting(test, 1);
        thread.get().interrupt();
        assertThat(submitter.get())
                .isInstanceOf(RejectedExecutionException.class)
                .hasCauseInstanceOf(InterruptedException.class);
    }

    @Test
    void waitingSubmittersComeInTheOrderTheyCame() throws Exception {
        TestGate test = TestGate.full(WhenFull.WAIT, TestGate.LONG);
        List<FutureTask<TaskCell<Integer>>> submitters = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            submitters.add(start(i % 2 == 0, test::admit));
            awaitWaiting(test, i + 1);
        }
        List<TaskCell<?>> expected = test.queued();
        List<TaskCell<?>> order = new ArrayList<>();
        test.runNext();
        while (!test.scheduled.isEmpty()) {
            order.add(test.scheduled.peek());
            test.runNext();
        }
        assertThat(order).isEqualTo(expected);
        for (FutureTask<TaskCell<Integer>> submitter : submitters) {
            assertThat(submitter.get().hasValue()).isTrue();
        }
    }

    @Test
    void newcomerDoesNotOvertakeAWaitingSubmitter() throws Exception {
        TestGate test = TestGate.full(WhenFull.WAIT, TestGate.LONG);
        FutureTask<TaskCell<Integer>> first = start(false, test::admit);
        awaitWaiting(test, 1);
        FutureTask<TaskCell<Integer>> second = start(false, test::admit);
        awaitWaiting(test, 2);
        test.gate.queueCapacity(2);
        TaskCell<Integer> task = first.get();
        assertThat(test.queued().get(1)).isSameAs(task);
        assertThat(second.isDone()).isFalse();
        test.gate.maxConcurrentTasks(0);
        second.get();
    }

    @Test
    void abortOfAQueuedTaskLetsAWaitingSubmitterIn() throws Exception {
        TestGate test = TestGate.full(WhenFull.WAIT, TestGate.LONG);
        FutureTask<TaskCell<Integer>> submitter = start(true, test::admit);
        awaitWaiting(test, 1);
        test.queued().getFirst().abort("make room");
        assertThat(test.queued()).containsExactly(submitter.get());
    }

    @Test
    void abortOfATaskWhoseSubmitterWaitsEndsTheWait() throws Exception {
        TestGate test = TestGate.full(WhenFull.WAIT, TestGate.LONG);
        FutureTask<TaskCell<Integer>> submitter = start(false, test::admit);
        awaitWaiting(test, 1);
        test.queued().getLast().abort("not needed");
        assertThat(submitter.get().isCancelled()).isTrue();
        assertThat(test.gate.metrics().rejected()).isZero();
    }

    @Test
    void shorterTimeoutCountsForSubmittersThatWaitNow() {
        TestGate test = TestGate.full(WhenFull.WAIT, TestGate.LONG);
        FutureTask<TaskCell<Integer>> submitter = start(true, test::admit);
        awaitWaiting(test, 1);
        test.gate.waitTimeout(SHORT);
        assertThatThrownBy(submitter::get).hasCauseInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void closeRejectsWaitingSubmitters() {
        TestGate test = TestGate.full(WhenFull.WAIT, TestGate.LONG);
        FutureTask<TaskCell<Integer>> submitter = start(true, test::admit);
        awaitWaiting(test, 1);
        test.gate.close("the end");
        assertThatThrownBy(submitter::get)
                .hasCauseInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("closed");
        assertThat(test.gate.metrics().rejected()).isEqualTo(1);
        assertThat(test.gate.isEmpty()).isTrue();
    }

    private static void awaitWaiting(TestGate test, int submitters) {
        eventually().until(() -> test.queued().size() == submitters + 1); // the first one is queued
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
}
