/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.channel.Oneshot;
import dev.weft.metrics.TaskInfo;
import dev.weft.scope.JoinSet;
import dev.weft.task.JoinHandle;
import dev.weft.task.TaskCancelledException;
import dev.weft.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class ShutdownTests {

    private static final Duration LONG = Duration.ofDays(1);
    private static final Duration SHORT = Duration.ofMillis(20);

    @RegisterExtension
    final Runtimes runtimes = new Runtimes();

    final WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(2));

    private CompletableFuture<ShutdownReport> shutdownAside(Duration grace, Duration abort) {
        CompletableFuture<ShutdownReport> report = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                report.complete(weft.shutdown(grace, abort));
            } catch (Throwable e) {
                report.completeExceptionally(e);
            }
        });
        return report;
    }

    // ---- how it goes -------------------------------------------------------------------------------------------------

    @Test
    void anIdleRuntimeEndsAtOnceWhateverThePeriods() {
        ShutdownReport report = weft.shutdown(LONG, LONG);
        assertThat(report.isClean()).isTrue();
        assertThat(report.runtime()).isEqualTo("test");
        assertThat(report.completed()).isZero();
        assertThat(report.aborted()).isZero();
        assertThat(weft.state()).isEqualTo(WeftRuntime.State.CLOSED);
        assertThat(weft.metrics().state()).isEqualTo("closed");
    }

    @Test
    void drainingRefusesWorkFromOutsideAndTakesItFromInside() throws Exception {
        Oneshot<Void> go = Oneshot.signal();
        JoinHandle<Integer> task = weft.spawn(() -> {
            go.receiver().await();
            int child = Task.spawn(() -> 1).join();
            int blocking = Task.spawnBlocking(() -> 2).join();
            try (JoinSet<Integer> set = JoinSet.open()) {
                set.spawn(() -> 4);
                return child + blocking + set.joinAll().getFirst();
            }
        });
        CompletableFuture<ShutdownReport> report = shutdownAside(LONG, LONG);
        await().until(() -> weft.state() == WeftRuntime.State.DRAINING);
        JoinHandle<?> late = weft.spawn(() -> 1);
        assertThat(late.isCancelled()).isTrue();
        assertThatThrownBy(late::join).isInstanceOf(TaskCancelledException.class).hasMessageContaining("shutting down");
        assertThat(weft.spawnBlocking(() -> 1).isCancelled()).isTrue();
        assertThat(weft.named("late").spawn(() -> 1).isCancelled()).isTrue();
        assertThat(report).isNotDone();
        go.sender().signal();
        assertThat(report.get().isClean()).isTrue();
        assertThat(task.join()).isEqualTo(7);
        assertThat(report.get().completed()).isEqualTo(4);
        assertThat(report.get().aborted()).as("late spawns were never part of it").isZero();
        assertThat(report.get().discarded()).isZero();
    }

    @Test
    void closingRefusesWorkFromEverybody() throws Exception {
        Oneshot<Void> closing = Oneshot.signal();
        JoinHandle<Boolean> task = weft.spawn(() -> {
            try {
                Time.sleep(LONG);
            } catch (InterruptedException e) {
                closing.receiver().await();
            }
            return Task.spawn(() -> 1).isCancelled() && Task.spawnBlocking(() -> 1).isCancelled();
        });
        await().until(() -> weft.task(task.id()).map(info -> info.state() == TaskInfo.State.SUSPENDED).orElse(false));
        CompletableFuture<ShutdownReport> report = shutdownAside(Duration.ZERO, LONG);
        await().until(() -> weft.state() == WeftRuntime.State.CLOSING);
        closing.sender().signal();
        assertThat(report.get().isClean()).isTrue();
        assertThat(task.join()).isTrue();
    }

    @Test
    void afterTheGracePeriodTasksAreAbortedAndUnwind() throws Exception {
        var unwound = new AtomicInteger();
        List<JoinHandle<?>> tasks = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            tasks.add(weft.spawn(() -> {
                try {
                    Time.sleep(LONG);
                } finally {
                    unwound.incrementAndGet();
                }
            }));
        }
        await().until(() -> weft.tasks(false, 100).stream().allMatch(info -> info.state() == TaskInfo.State.SUSPENDED));
        ShutdownReport report = weft.shutdown(SHORT, LONG);
        assertThat(report.isClean()).isTrue();
        assertThat(report.aborted()).isEqualTo(50);
        assertThat(report.completed()).isZero();
        assertThat(unwound).hasValue(50);
        for (JoinHandle<?> task : tasks) {
            assertThatThrownBy(task::join)
                    .isInstanceOf(TaskCancelledException.class)
                    .hasMessageContaining("runtime 'test' is shutting down");
        }
        assertThat(report).asString().contains("50 aborted").contains("0 survived");
    }

    @Test
    void aTaskUnwindsExactlyOnceInsideItsRuntime() throws Exception {
        for (int round = 0; round < 50; round++) {
            WeftRuntime other = runtimes.start(builder -> builder.workerThreads(1));
            var unwound = new AtomicInteger();
            var inside = new AtomicInteger();
            for (int i = 0; i < 5; i++) {
                other.spawn(() -> {
                    try {
                        Time.sleep(LONG);
                    } finally {
                        unwound.incrementAndGet();
                        Task.current().ifPresent(task -> inside.incrementAndGet());
                    }
                });
            }
            await().until(() -> other.tasks(false, 10).stream().filter(info -> info.state() == TaskInfo.State.SUSPENDED)
                    .count() == 5);
            assertThat(other.shutdown(Duration.ZERO, LONG).isClean()).isTrue();
            assertThat(unwound).hasValue(5);
            assertThat(inside).hasValue(5);
        }
    }

    @Test
    void dyingTasksThatWakeEachOtherAndTakeLocksDoNotDeadlock() {
        var lock = new ReentrantLock();
        int tasks = 40;
        List<Oneshot<Integer>> channels = new ArrayList<>();
        for (int i = 0; i < tasks; i++) {
            channels.add(Oneshot.create());
        }
        for (int i = 0; i < tasks; i++) {
            int me = i;
            weft.spawn(() -> {
                try {
                    channels.get(me).receiver().receive();
                } finally {
                    lock.lock();
                    try {
                        Thread.yield();
                        channels.get((me + 1) % tasks).sender().send(me);
                    } finally {
                        lock.unlock();
                    }
                }
            });
        }
        await().until(() -> weft.tasks(false, 100).stream().allMatch(info -> info.state() == TaskInfo.State.SUSPENDED));
        assertThat(weft.shutdown(Duration.ZERO, LONG).isClean()).isTrue();
    }

    @Test
    @Tag("dedicated-only") // in shared mode each task has a thread: nothing waits for a worker of ours
    void whatNeverStartedIsDiscarded() throws Exception {
        WeftRuntime single = runtimes.start(builder -> builder.workerThreads(1).maxSpareWorkers(0));
        Stuck stuck = new Stuck();
        Oneshot<Void> aborted = Oneshot.signal();
        JoinHandle<?> holder = single.spawn(() -> {
            try {
                stuck.inCpuLoop();
            } finally {
                aborted.sender().signal();
            }
        });
        await().until(() -> stuck.entered() == 1);
        List<JoinHandle<?>> queued = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            queued.add(single.spawn(() -> {}));
        }
        Thread releaser = Thread.ofPlatform().start(() -> {
            await().until(() -> queued.stream().allMatch(Future::isCancelled));
            stuck.release();
        });
        ShutdownReport report = single.shutdown(Duration.ZERO, LONG);
        releaser.join();
        assertThat(report.isClean()).isTrue();
        assertThat(report.discarded()).isEqualTo(10);
        assertThat(report.aborted()).isEqualTo(10);
        assertThat(holder.join()).isNull();
        assertThat(queued).allMatch(Future::isCancelled);
    }

    // ---- bounds ------------------------------------------------------------------------------------------------------

    @Test
    void aBlockingJobThatIgnoresItsInterruptIsNamedAndWaitedForNoLongerThanTold() throws Exception {
        runtimes.expectSurvivors();
        var release = new CountDownLatch(1);
        Oneshot<Void> started = Oneshot.signal();
        JoinHandle<String> job = weft.named("deaf").tag("kind", "report").spawnBlocking(() -> {
            started.sender().signal();
            for (;;) {
                try {
                    release.await();
                    return "delivered all the same";
                } catch (InterruptedException e) {
                    // ignored on purpose
                }
            }
        });
        started.receiver().await();
        ShutdownReport report = weft.shutdown(Duration.ZERO, SHORT);
        assertThat(report.isClean()).isFalse();
        assertThat(report.survivors()).singleElement().satisfies(survivor -> {
            assertThat(survivor.id()).isEqualTo(job.id());
            assertThat(survivor.name()).isEqualTo("deaf");
            assertThat(survivor.tags()).containsEntry("kind", "report");
            assertThat(survivor.state()).isEqualTo(TaskInfo.State.BLOCKING);
            assertThat(survivor.abortRequested()).isTrue();
            assertThat(survivor.stack()).anyMatch(frame -> frame.getMethodName().equals("await"));
        });
        assertThat(report).asString().contains("'deaf'").contains("await");
        release.countDown();
        assertThat(job.join()).isEqualTo("delivered all the same");
    }

    @Test
    void periodsOfZeroReturnAtOnceAndNameWhatIsLeft() throws Exception {
        runtimes.expectSurvivors();
        Oneshot<Void> release = Oneshot.signal();
        Oneshot<Void> started = Oneshot.signal();
        JoinHandle<?> task = weft.spawn(() -> {
            started.sender().signal();
            awaitDeafly(release);
        });
        started.receiver().await();
        ShutdownReport report = weft.shutdown(Duration.ZERO, Duration.ZERO);
        assertThat(report.survivors()).extracting(TaskInfo::id).containsExactly(task.id());
        release.sender().signal();
        task.join();
    }

    static void awaitDeafly(Oneshot<Void> signal) {
        for (;;) {
            try {
                signal.receiver().await();
                return;
            } catch (InterruptedException e) {
                // ignored on purpose
            }
        }
    }

    @Test
    void aTaskThatSwallowsTheFirstInterruptGetsAnother() throws Exception {
        Oneshot<Void> swallowed = Oneshot.signal();
        JoinHandle<?> task = weft.spawn(() -> {
            try {
                Time.sleep(LONG);
            } catch (InterruptedException e) {
                swallowed.sender().signal();
            }
            Time.sleep(LONG);
        });
        await().until(() -> weft.task(task.id()).map(info -> info.state() == TaskInfo.State.SUSPENDED).orElse(false));
        ShutdownReport report = weft.shutdown(Duration.ZERO, Duration.ofSeconds(2));
        assertThat(report.isClean()).isTrue();
        assertThat(task.isCancelled()).isTrue();
        swallowed.receiver().await();
    }

    // ---- who calls it ------------------------------------------------------------------------------------------------

    @Test
    void insideATaskOfTheRuntimeItIsRefused() throws Exception {
        weft.blockOn(() -> {
            assertThatIllegalStateException()
                    .isThrownBy(weft::shutdown)
                    .withMessageContaining("inside a task")
                    .withMessageContaining("runtime 'test'");
            assertThatIllegalStateException().isThrownBy(weft::close);
            assertThatIllegalStateException().isThrownBy(() -> weft.shutdown(LONG, LONG));
            assertThat(Task.spawnBlocking(() -> {
                assertThatIllegalStateException().isThrownBy(weft::close);
                return 1;
            })
                    .join()).isEqualTo(1);
        });
        assertThat(weft.state()).isEqualTo(WeftRuntime.State.RUNNING);
        assertThat(weft.<Integer, Exception>blockOn(() -> 1)).isEqualTo(1);
    }

    @Test
    void insideATaskOfAnotherRuntimeItWorks() throws Exception {
        WeftRuntime other = runtimes.start(builder -> builder.name("other"));
        JoinHandle<?> task = weft.spawn(() -> Time.sleep(LONG));
        ShutdownReport report = other.blockOn(() -> weft.shutdown(Duration.ZERO, LONG));
        assertThat(report.isClean()).isTrue();
        assertThat(task.isCancelled()).isTrue();
    }

    @Test
    void calledAgainItReturnsTheSameReport() {
        ShutdownReport report = weft.shutdown();
        assertThat(weft.shutdown()).isSameAs(report);
        assertThat(weft.shutdown(Duration.ZERO, Duration.ZERO)).isSameAs(report);
        weft.close();
    }

    @Test
    void whoeverCallsItMeanwhileGetsTheSameReport() throws Exception {
        Oneshot<Void> go = Oneshot.signal();
        weft.spawn(() -> go.receiver().await());
        CompletableFuture<ShutdownReport> one = shutdownAside(LONG, LONG);
        await().until(() -> weft.state() == WeftRuntime.State.DRAINING);
        CompletableFuture<ShutdownReport> two = shutdownAside(Duration.ZERO, Duration.ZERO);
        assertThat(weft.state()).isEqualTo(WeftRuntime.State.DRAINING);
        go.sender().signal();
        assertThat(two.get()).isSameAs(one.get());
    }

    @Test
    void anInterruptOfTheCallerDoesNotShortenItAndIsKept() throws Exception {
        Oneshot<Void> go = Oneshot.signal();
        JoinHandle<?> task = weft.spawn(() -> go.receiver().await());
        var kept = new boolean[1];
        Thread caller = Thread.ofPlatform().start(() -> {
            Thread.currentThread().interrupt();
            weft.shutdown(LONG, LONG);
            kept[0] = Thread.currentThread().isInterrupted();
        });
        await().until(() -> weft.state() == WeftRuntime.State.DRAINING);
        caller.interrupt();
        assertThat(task.isDone()).isFalse();
        go.sender().signal();
        caller.join();
        assertThat(kept[0]).isTrue();
        assertThat(task.state()).isEqualTo(Future.State.SUCCESS);
    }

    // ---- afterwards --------------------------------------------------------------------------------------------------

    @Test
    void aSpawnAfterCloseIsAHandleThatIsCancelled() throws Exception {
        weft.close();
        for (JoinHandle<?> late : List.of(
                weft.spawn(() -> 1),
                weft.spawn(() -> {}),
                weft.spawnBlocking(() -> 1),
                weft.named("late").spawn(() -> 1),
                weft.named("late").ownThread().spawn(() -> 1),
                weft.named("late").spawnBlocking(() -> 1))) {
            assertThat(late.isDone()).isTrue();
            assertThat(late.isCancelled()).isTrue();
            assertThatThrownBy(late::join)
                    .isInstanceOfSatisfying(TaskCancelledException.class, e -> assertThat(e.reason())
                            .contains("runtime 'test' is shutting down"));
        }
        assertThatThrownBy(() -> weft.blockOn(() -> 1)).isInstanceOf(TaskCancelledException.class);
        try (var entered = weft.enter()) {
            assertThat(entered).isNotNull();
            assertThat(Task.spawn(() -> 1).isCancelled()).isTrue();
        }
        try (JoinSet<Integer> set = weft.joinSet()) {
            set.spawn(() -> 1);
            assertThatThrownBy(set::joinAll).isInstanceOf(TaskCancelledException.class);
        }
        assertThat(weft.metrics().live()).isZero();
        assertThat(weft.tasks(true, 10)).isEmpty();
    }

    @Test
    void theExecutorsOfAClosedRuntimeReject() {
        var executor = weft.asExecutorService();
        var scheduled = weft.asScheduledExecutorService();
        weft.close();
        assertThatThrownBy(() -> executor.execute(() -> {}))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("runtime 'test'");
        assertThatThrownBy(() -> executor.submit(() -> 1)).isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> scheduled.schedule(() -> 1, 1, TimeUnit.SECONDS))
                .isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> scheduled.scheduleAtFixedRate(() -> {}, 1, 1, TimeUnit.SECONDS))
                .isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void handlesCanBeJoinedAfterClose() throws Exception {
        JoinHandle<Integer> before = weft.spawn(() -> 42);
        before.join();
        JoinHandle<?> sleeper = weft.spawn(() -> Time.sleep(LONG));
        weft.shutdown(Duration.ZERO, LONG);
        assertThat(before.join()).isEqualTo(42);
        assertThatThrownBy(sleeper::join).isInstanceOf(TaskCancelledException.class);
    }

    @Test
    void awaitQuietWaitsWithoutRefusing() throws Exception {
        assertThat(weft.awaitQuiet(LONG)).isTrue();
        Oneshot<Void> go = Oneshot.signal();
        weft.spawn(() -> go.receiver().await());
        assertThat(weft.awaitQuiet(Duration.ZERO)).isFalse();
        assertThat(weft.awaitQuiet(Duration.ofMillis(-5))).isFalse();
        assertThat(weft.awaitQuiet(Duration.ofMillis(1))).isFalse();
        JoinHandle<?> second = weft.spawn(() -> go.sender().signal());
        second.join();
        assertThat(weft.awaitQuiet(Duration.ofSeconds(Long.MAX_VALUE))).isTrue();
        assertThat(weft.state()).isEqualTo(WeftRuntime.State.RUNNING);
    }

    @Test
    void anInterruptEndsAwaitQuiet() throws Exception {
        Oneshot<Void> go = Oneshot.signal();
        weft.spawn(() -> go.receiver().await());
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> weft.awaitQuiet(LONG)).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
        go.sender().signal();
    }

    @Test
    void closingWhileManyMessagesComeFromAnotherThreadIsSafe() throws Exception {
        int messages = 3_000;
        List<Oneshot<Integer>> channels = new ArrayList<>();
        for (int i = 0; i < messages; i++) {
            Oneshot<Integer> channel = Oneshot.create();
            channels.add(channel);
            weft.spawn(() -> channel.receiver().receive());
        }
        Thread sender = Thread.ofPlatform().start(() -> channels.forEach(channel -> channel.sender().send(1)));
        assertThat(weft.shutdown(Duration.ZERO, LONG).isClean()).isTrue();
        sender.join();
    }

    @Test
    void manyRuntimesComeAndGo() throws Exception {
        for (int i = 0; i < 50; i++) {
            try (WeftRuntime other = WeftRuntime.builder().name("brief").workerThreads(2).build()) {
                assertThat(other.<Integer, Exception>blockOn(() -> Task.spawn(() -> 1).join())).isEqualTo(1);
            }
        }
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("weft-brief")));
    }
}
