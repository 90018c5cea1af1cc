/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.channel.Oneshot;
import dev.weft.task.JoinHandle;
import dev.weft.task.TaskAbortedException;
import dev.weft.task.TaskCancelledException;
import dev.weft.task.TaskFailedException;
import dev.weft.time.Time;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class AbortTests {

    private static final Duration FOREVER = Duration.ofDays(1);

    @RegisterExtension
    final Runtimes runtimes = new Runtimes();

    final WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(2));

    interface Waiting {
        void waitForEver() throws Exception;
    }

    /** Starts a task that waits, aborts it once it is known to wait, and returns what its wait threw. */
    private Throwable abortedWhile(Waiting waiting) throws Exception {
        Oneshot<Throwable> seen = Oneshot.create();
        JoinHandle<?> task = weft.spawn(() -> {
            try {
                waiting.waitForEver();
            } catch (Throwable e) {
                seen.sender().send(e);
                throw e;
            }
        });
        await().until(() -> weft.task(task.id())
                .map(info -> info.state() == dev.weft.metrics.TaskInfo.State.SUSPENDED)
                .orElse(false));
        assertThat(task.abort("enough")).isTrue();
        assertThatThrownBy(task::join)
                .isInstanceOfSatisfying(TaskCancelledException.class, e -> assertThat(e.reason())
                        .isEqualTo("enough"))
                .hasMessageContaining("task " + task.id())
                .hasMessageContaining("enough");
        assertThat(task.state()).isEqualTo(Future.State.CANCELLED);
        return seen.receiver().receive();
    }

    @Test
    void aTaskInAWeftOperationIsToldWhy() throws Exception {
        assertThat(abortedWhile(() -> Time.sleep(FOREVER)))
                .isInstanceOfSatisfying(TaskAbortedException.class, e -> assertThat(e.reason())
                        .isEqualTo("enough"));
        assertThat(abortedWhile(() -> Oneshot.create().receiver().receive())).isInstanceOf(TaskAbortedException.class);
        assertThat(abortedWhile(() -> Time.after(FOREVER).await())).isInstanceOf(TaskAbortedException.class);
        assertThat(abortedWhile(() -> {
            var child = Task.spawn(() -> Time.sleep(Duration.ofSeconds(5)));
            try {
                child.join();
            } finally {
                child.abort();
            }
        }))
                .isInstanceOf(TaskAbortedException.class);
    }

    @Test
    void aTaskInAnOperationOfTheJdkIsInterrupted() throws Exception {
        assertThat(abortedWhile(() -> Thread.sleep(FOREVER))).isInstanceOf(InterruptedException.class);
        assertThat(abortedWhile(() -> new LinkedBlockingQueue<>().take())).isInstanceOf(InterruptedException.class);
        assertThat(abortedWhile(() -> new CountDownLatch(1).await())).isInstanceOf(InterruptedException.class);
        assertThat(abortedWhile(() -> new CompletableFuture<>().get())).isInstanceOf(InterruptedException.class);
        assertThat(abortedWhile(() -> {
            Object monitor = new Object();
            synchronized (monitor) {
                monitor.wait();
            }
        }))
                .isInstanceOf(InterruptedException.class);
        assertThat(abortedWhile(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                LockSupport.park();
            }
            throw new CancellationException("saw the interrupt");
        }))
                .isInstanceOf(CancellationException.class);
    }

    @Test
    void aTaskThatHasNotStartedNeverRuns() throws Exception {
        WeftRuntime single = runtimes.start(builder -> builder.workerThreads(1).name("single"));
        var ran = new AtomicBoolean();
        single.blockOn(() -> {
            JoinHandle<?> child = Task.named("unstarted").ownThread().spawn(() -> ran.set(true));
            if (child.abort("not wanted")) {
                assertThat(child.isDone() || !Runtimes.dedicated()).isTrue();
            }
            try {
                child.join();
            } catch (TaskCancelledException e) {
                assertThat(e.reason()).isEqualTo("not wanted");
            }
            if (Runtimes.dedicated()) {
                // On one worker the child cannot start before its parent suspends.
                assertThat(child.isCancelled()).isTrue();
                assertThat(ran).isFalse();
            }
        });
        assertThat(single.awaitQuiet(Duration.ofSeconds(30))).isTrue();
    }

    @Test
    void theFinallyBlockHasRunBeforeJoinReportsTheCancellation() throws Exception {
        Oneshot<Void> started = Oneshot.signal();
        var unwound = new AtomicBoolean();
        JoinHandle<?> task = weft.spawn(() -> {
            try {
                started.sender().signal();
                Time.sleep(FOREVER);
            } finally {
                for (int i = 0; i < 100; i++) {
                    Thread.yield();
                }
                unwound.set(true);
            }
        });
        started.receiver().await();
        task.abort();
        assertThatThrownBy(task::join).isInstanceOf(TaskCancelledException.class);
        assertThat(unwound).isTrue();
    }

    @Test
    void isDoneIsFalseUntilTheBodyHasUnwound() throws Exception {
        Oneshot<Void> started = Oneshot.signal();
        Oneshot<Void> unwind = Oneshot.signal();
        Oneshot<Void> unwinding = Oneshot.signal();
        JoinHandle<?> task = weft.spawn(() -> {
            try {
                started.sender().signal();
                Time.sleep(FOREVER);
            } finally {
                unwinding.sender().signal();
                unwind.receiver().await();
            }
        });
        started.receiver().await();
        assertThat(task.cancel(false)).isTrue();
        unwinding.receiver().await();
        assertThat(task.isDone()).isFalse();
        assertThat(task.isCancelled()).isFalse();
        assertThat(task.state()).isEqualTo(Future.State.RUNNING);
        assertThatIllegalStateException().isThrownBy(task::resultNow);
        assertThatIllegalStateException().isThrownBy(task::exceptionNow);
        unwind.sender().signal();
        assertThatThrownBy(task::get).isInstanceOf(CancellationException.class);
        assertThat(task.isDone()).isTrue();
        assertThat(task.isCancelled()).isTrue();
    }

    @Test
    void abortingTwiceKeepsTheFirstReasonAndAfterTheEndIsRefused() throws Exception {
        Oneshot<Void> started = Oneshot.signal();
        JoinHandle<?> task = weft.spawn(() -> {
            started.sender().signal();
            Time.sleep(FOREVER);
        });
        started.receiver().await();
        task.abort("first");
        task.abort("second");
        assertThatThrownBy(task::join)
                .isInstanceOfSatisfying(TaskCancelledException.class, e -> assertThat(e.reason())
                        .isEqualTo("first"));
        assertThat(task.abort("third")).isFalse();
        assertThat(task.cancel(true)).isFalse();
        JoinHandle<Integer> done = weft.spawn(() -> 1);
        done.join();
        assertThat(done.abort()).isFalse();
        assertThat(done.join()).isEqualTo(1);
    }

    @Test
    void aSecondAbortInterruptsATaskThatSwallowedTheFirst() throws Exception {
        Oneshot<Void> started = Oneshot.signal();
        Oneshot<Void> swallowed = Oneshot.signal();
        JoinHandle<?> task = weft.spawn(() -> {
            try {
                started.sender().signal();
                Time.sleep(FOREVER);
            } catch (InterruptedException e) {
                swallowed.sender().signal();
            }
            Time.sleep(FOREVER);
        });
        started.receiver().await();
        task.abort("first");
        swallowed.receiver().await();
        task.abort("second");
        assertThatThrownBy(task::join).isInstanceOf(TaskCancelledException.class).hasMessageContaining("first");
    }

    @Test
    void aValueReturnedInSpiteOfAnAbortIsAValue() throws Exception {
        Oneshot<Void> started = Oneshot.signal();
        JoinHandle<String> task = weft.spawn(() -> {
            started.sender().signal();
            try {
                Time.sleep(FOREVER);
            } catch (InterruptedException e) {
                return "took effect";
            }
            return "slept";
        });
        started.receiver().await();
        assertThat(task.abort()).isTrue();
        assertThat(task.join()).isEqualTo("took effect");
        assertThat(task.isCancelled()).isFalse();
    }

    @Test
    void aFailureDuringAnAbortIsAFailureAndNotLost() throws Exception {
        Oneshot<Void> started = Oneshot.signal();
        JoinHandle<?> task = weft.spawn(() -> {
            try {
                started.sender().signal();
                Time.sleep(FOREVER);
            } finally {
                throwFailure();
            }
        });
        started.receiver().await();
        task.abort();
        assertThatThrownBy(task::join)
                .isInstanceOf(TaskFailedException.class)
                .cause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("while unwinding");
    }

    private static void throwFailure() {
        throw new IllegalStateException("while unwinding");
    }

    @Test
    void anInterruptThatIsNoAbortIsAFailure() throws Exception {
        JoinHandle<?> task = weft.spawn(() -> {
            Thread.currentThread().interrupt();
            Time.sleep(FOREVER);
        });
        assertThatThrownBy(task::join)
                .isInstanceOf(TaskFailedException.class)
                .cause()
                .isInstanceOf(InterruptedException.class)
                .isNotInstanceOf(TaskAbortedException.class);
    }

    @Test
    void anAbortOfTheJoinerDoesNotReachTheJoined() throws Exception {
        Oneshot<Void> go = Oneshot.signal();
        JoinHandle<String> joined = weft.spawn(() -> {
            go.receiver().await();
            return "untouched";
        });
        JoinHandle<String> joiner = weft.spawn(() -> joined.join());
        await().until(() -> weft.task(joiner.id())
                .map(info -> info.state() == dev.weft.metrics.TaskInfo.State.SUSPENDED)
                .orElse(false));
        joiner.abort();
        assertThatThrownBy(joiner::join).isInstanceOf(TaskCancelledException.class);
        assertThat(joined.isDone()).isFalse();
        go.sender().signal();
        assertThat(joined.join()).isEqualTo("untouched");
    }

    @Test
    void anInterruptedJoinerOutsideLeavesTheTaskAlone() throws Exception {
        Oneshot<Void> go = Oneshot.signal();
        JoinHandle<String> task = weft.spawn(() -> {
            go.receiver().await();
            return "untouched";
        });
        Thread.currentThread().interrupt();
        assertThatThrownBy(task::join).isInstanceOf(InterruptedException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        go.sender().signal();
        assertThat(task.join()).isEqualTo("untouched");
    }

    @Test
    void checkpointThrowsInATaskThatNeverSuspends() throws Exception {
        Oneshot<Void> started = Oneshot.signal();
        JoinHandle<?> task = weft.spawn(() -> {
            started.sender().signal();
            for (;;) {
                Task.checkpoint();
            }
        });
        started.receiver().await();
        task.abort("stop computing");
        assertThatThrownBy(task::join)
                .isInstanceOf(TaskCancelledException.class)
                .hasMessageContaining("stop computing")
                .hasCauseInstanceOf(TaskAbortedException.class);
    }

    @Test
    void anAbortByItselfIsSeenAtTheNextOperation() throws Exception {
        JoinHandle<?> task = weft.spawn(() -> {
            Task.current().orElseThrow().abort("by myself");
            Time.sleep(FOREVER);
        });
        assertThatThrownBy(task::join).isInstanceOf(TaskCancelledException.class).hasMessageContaining("by myself");
    }

    @Test
    void aTaskThatWaitsForALockIsNotInterruptedOutOfIt() throws Exception {
        var lock = new ReentrantLock();
        lock.lock();
        Oneshot<Void> started = Oneshot.signal();
        JoinHandle<String> task = weft.spawn(() -> {
            started.sender().signal();
            lock.lock();
            try {
                return Thread.currentThread().isInterrupted() ? "told" : "not told";
            } finally {
                lock.unlock();
            }
        });
        started.receiver().await();
        task.abort();
        assertThat(task.isDone()).isFalse();
        lock.unlock();
        assertThat(task.join()).isEqualTo("told");
    }

    @Test
    void theFutureSideTellsTheThreeOutcomesApart() throws Exception {
        JoinHandle<Integer> value = weft.spawn(() -> 1);
        assertThat(value.get()).isEqualTo(1);
        assertThat(value.get(0, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(value.resultNow()).isEqualTo(1);
        JoinHandle<Integer> failed = weft.spawn(() -> {
            throw new IllegalStateException("no");
        });
        assertThatThrownBy(failed::get).isInstanceOf(ExecutionException.class).hasRootCauseMessage("no");
        assertThatIllegalStateException().isThrownBy(failed::resultNow);
        JoinHandle<?> endless = weft.spawn(() -> Time.sleep(FOREVER));
        assertThatThrownBy(() -> endless.get(1, TimeUnit.MILLISECONDS))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("1 milliseconds");
        assertThatThrownBy(() -> endless.get(-1, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        endless.abort();
        assertThatThrownBy(() -> endless.get(1, TimeUnit.DAYS)).isInstanceOf(TaskCancelledException.class);
    }

    @Test
    void manyTimedOutJoinsLeaveNothingBehind() throws Exception {
        Oneshot<Void> go = Oneshot.signal();
        JoinHandle<String> task = weft.spawn(() -> {
            go.receiver().await();
            return "done";
        });
        for (int i = 0; i < 1_000; i++) {
            assertThatThrownBy(() -> task.get(1, TimeUnit.NANOSECONDS)).isInstanceOf(TimeoutException.class);
        }
        go.sender().signal();
        assertThat(task.join()).isEqualTo("done");
    }

    @Test
    void theCompletableFutureFollowsTheTaskAndItsCancellationAborts() throws Exception {
        assertThat(weft.spawn(() -> 1).toCompletableFuture().thenApply(n -> n + 1).get()).isEqualTo(2);
        var failure = new IllegalStateException("mine");
        CompletableFuture<Integer> failed = weft.<Integer>spawn(() -> {
            throw failure;
        })
                .toCompletableFuture();
        assertThatThrownBy(failed::get).isInstanceOf(ExecutionException.class).cause().isSameAs(failure);
        assertThat(failed.exceptionNow()).isSameAs(failure);

        Oneshot<String> seen = Oneshot.create();
        Oneshot<Void> started = Oneshot.signal();
        JoinHandle<?> endless = weft.spawn(() -> {
            try {
                started.sender().signal();
                Time.sleep(FOREVER);
            } catch (TaskAbortedException e) {
                seen.sender().send(e.reason());
                throw e;
            }
        });
        CompletableFuture<?> future = endless.toCompletableFuture();
        started.receiver().await();
        assertThat(future.cancel(false)).isTrue();
        assertThat(future).isCancelled();
        assertThat(seen.receiver().receive()).contains("CompletableFuture.cancel");
        assertThatThrownBy(endless::join).isInstanceOf(TaskCancelledException.class);

        JoinHandle<?> aborted = weft.spawn(() -> Time.sleep(FOREVER));
        CompletableFuture<?> told = aborted.toCompletableFuture();
        aborted.abort("from outside");
        assertThatThrownBy(told::join).isInstanceOf(CancellationException.class)
                .hasStackTraceContaining("from outside");
    }

    @Test
    void aCompletedHandleIsLikeATaskThatHasEnded() throws Exception {
        JoinHandle<String> handle = JoinHandle.completed("value");
        assertThat(handle.join()).isEqualTo("value");
        assertThat(handle.get()).isEqualTo("value");
        assertThat(handle.toCompletableFuture()).isCompletedWithValue("value");
        assertThat(handle.isDone()).isTrue();
        assertThat(handle.abort("late")).isFalse();
        assertThat(handle.cancel(true)).isFalse();
        assertThat(handle.state()).isEqualTo(Future.State.SUCCESS);
        assertThat(JoinHandle.completed(null).join()).isNull();
    }

    @Test
    void anAbortHandleAbortsTheSameTask() throws Exception {
        JoinHandle<?> task = weft.spawn(() -> Time.sleep(FOREVER));
        var abort = task.abortHandle();
        assertThat(abort.id()).isEqualTo(task.id());
        assertThat(abort.abort("through the other handle")).isTrue();
        assertThatThrownBy(task::join).hasMessageContaining("through the other handle");
        assertThat(abort.isDone()).isTrue();
    }

    @Test
    void abortByIdAndAbortAllReachLiveTasks() throws Exception {
        var ended = new AtomicInteger();
        for (int i = 0; i < 20; i++) {
            weft.spawn(() -> {
                try {
                    Time.sleep(FOREVER);
                } finally {
                    ended.incrementAndGet();
                }
            });
        }
        JoinHandle<?> one = weft.spawn(() -> Time.sleep(FOREVER));
        assertThat(weft.abort(one.id(), "by id")).isTrue();
        assertThatThrownBy(one::join).hasMessageContaining("by id");
        assertThat(weft.abort(one.id(), "again")).isFalse();
        assertThat(weft.abort(-1, "nobody")).isFalse();
        await().until(() -> weft.abortAll("all of them") >= 0 && weft.metrics().live() == 0);
        assertThat(weft.<Integer, Exception>blockOn(() -> 1)).isEqualTo(1);
        assertThat(weft.state()).isEqualTo(WeftRuntime.State.RUNNING);
    }
}
