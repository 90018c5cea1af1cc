/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.channel.Oneshot;
import dev.weft.internal.blocking.TestHost;
import dev.weft.internal.context.RuntimeHost;
import dev.weft.internal.context.TaskContext;
import dev.weft.internal.task.TaskCell;
import dev.weft.metrics.AdmissionMetrics;
import dev.weft.metrics.TaskInfo;
import dev.weft.task.JoinHandle;
import dev.weft.task.TaskAction;
import dev.weft.task.WhenFull;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The limit on tasks from outside as a user of a runtime meets it; the gate's own tests look closer. */
@Timeout(60)
class AdmissionTests {

    @RegisterExtension
    final Runtimes runtimes = new Runtimes();

    final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void letGo() {
        release.countDown();
    }

    private static AdmissionMetrics gate(WeftRuntime weft) {
        return weft.metrics().admission();
    }

    @Test
    void noMoreTasksFromOutsideThanAllowedAreUnderWay() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(2).maxConcurrentTasks(3));
        var inside = new AtomicInteger();
        var most = new AtomicInteger();
        List<JoinHandle<?>> tasks = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            tasks.add(weft.spawn(() -> {
                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                Task.yieldNow();
                Thread.sleep(0, 100_000);
                inside.decrementAndGet();
            }));
        }
        for (JoinHandle<?> task : tasks) {
            task.join();
        }
        assertThat(most.get()).isBetween(1, 3);
        await().untilAsserted(() -> {
            assertThat(gate(weft).running()).isZero();
            assertThat(gate(weft).queued()).isZero();
        });
    }

    @Test
    void childrenOfTasksAreNotKeptOut() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.maxConcurrentTasks(1));
        assertThat(weft.<Integer, Exception>blockOn(() -> Task.spawn(() -> Task.spawn(() -> 5).join()).join()))
                .isEqualTo(5);
    }

    @Test
    void waitingTasksAreTakenInTheirOrder() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(2).maxConcurrentTasks(1));
        weft.spawn(() -> release.await());
        List<Integer> order = new ArrayList<>();
        List<JoinHandle<?>> tasks = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int n = i;
            tasks.add(weft.spawn(() -> order.add(n)));
        }
        assertThat(gate(weft).queued()).isEqualTo(20);
        release.countDown();
        for (JoinHandle<?> task : tasks) {
            task.join();
        }
        assertThat(order).isSorted().hasSize(20);
    }

    @Test
    void aHigherLimitLetsWaitingTasksInAtOnce() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(2).maxConcurrentTasks(1));
        var together = new CountDownLatch(3);
        List<JoinHandle<?>> tasks = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            tasks.add(weft.spawn(() -> {
                together.countDown();
                together.await();
            }));
        }
        weft.maxConcurrentTasks(3);
        for (JoinHandle<?> task : tasks) {
            task.join();
        }
        assertThat(gate(weft).maxConcurrentTasks()).isEqualTo(3);
    }

    @Test
    void zeroOpensTheGateAndALowerLimitHoldsForThoseThatCome() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.maxConcurrentTasks(1));
        weft.spawn(() -> release.await());
        JoinHandle<Integer> waiting = weft.spawn(() -> 1);
        weft.maxConcurrentTasks(0);
        assertThat(waiting.join()).isEqualTo(1);
        for (int i = 0; i < 5; i++) {
            assertThat(weft.spawn(() -> 2).join()).isEqualTo(2);
        }
        weft.maxConcurrentTasks(1);
        assertThat(gate(weft).maxConcurrentTasks()).isEqualTo(1);
    }

    @Test
    void aFullQueueRejects() throws Exception {
        WeftRuntime weft = runtimes.start(
                builder -> builder.maxConcurrentTasks(1).queueCapacity(1).whenFull(WhenFull.REJECT));
        weft.spawn(() -> release.await());
        JoinHandle<Integer> waiting = weft.spawn(() -> 1);
        assertThatThrownBy(() -> weft.spawn(() -> 2)).isInstanceOf(RejectedExecutionException.class);
        assertThat(gate(weft).rejected()).isEqualTo(1);
        assertThatThrownBy(() -> weft.asExecutorService().execute(() -> {}))
                .isInstanceOf(RejectedExecutionException.class);
        weft.queueCapacity(2);
        JoinHandle<Integer> fits = weft.spawn(() -> 3);
        release.countDown();
        assertThat(waiting.join()).isEqualTo(1);
        assertThat(fits.join()).isEqualTo(3);
    }

    @Test
    void aSubmitterWaitsForRoomAndIsThenRejected() throws Exception {
        WeftRuntime weft = runtimes.start(
                builder -> builder.maxConcurrentTasks(1).queueCapacity(1).waitTimeout(Duration.ofMillis(1)));
        weft.spawn(() -> release.await());
        weft.spawn(() -> 1);
        assertThatThrownBy(() -> weft.spawn(() -> 2)).isInstanceOf(RejectedExecutionException.class);
        weft.waitTimeout(Duration.ofDays(1));
        Oneshot<Integer> got = Oneshot.create();
        Thread submitter = Thread.ofPlatform().start(() -> {
            try {
                got.sender().send(weft.spawn(() -> 3).join());
            } catch (InterruptedException e) {
                got.sender().close();
            }
        });
        await().until(() -> submitter.getState() == Thread.State.TIMED_WAITING);
        release.countDown();
        assertThat(got.receiver().receive()).isEqualTo(3);
    }

    @Test
    void aSubmitterThatMayRunTheTaskItselfDoes() throws Exception {
        WeftRuntime weft = runtimes.start(
                builder -> builder.maxConcurrentTasks(1).queueCapacity(1).whenFull(WhenFull.CALLER_RUNS));
        weft.spawn(() -> release.await());
        weft.spawn(() -> 1);
        JoinHandle<Thread> task = weft.spawn(Thread::currentThread);
        assertThat(task.isDone()).isTrue();
        assertThat(task.join()).isSameAs(Thread.currentThread());
        assertThat(Task.current()).isEmpty();
        assertThat(gate(weft).callerRuns()).isEqualTo(1);
    }

    @Test
    void aTaskAbortedAtTheGateFreesItsPlaceAndNeverRuns() throws Exception {
        WeftRuntime weft = runtimes.start(
                builder -> builder.maxConcurrentTasks(1).queueCapacity(1).whenFull(WhenFull.REJECT));
        weft.spawn(() -> release.await());
        var ran = new AtomicInteger();
        for (int i = 0; i < 10; i++) {
            JoinHandle<?> waiting = weft.spawn(ran::incrementAndGet);
            assertThat(waiting.abort()).isTrue();
            assertThat(waiting.isCancelled()).isTrue();
        }
        release.countDown();
        assertThat(weft.awaitQuiet(Duration.ofSeconds(50))).isTrue();
        assertThat(ran).hasValue(0);
    }

    @Test
    void aShutdownDrainsTheQueueWithinTheGracePeriodAndDropsItAfter() throws Exception {
        WeftRuntime draining = runtimes.start(builder -> builder.maxConcurrentTasks(1));
        var ran = new AtomicInteger();
        for (int i = 0; i < 50; i++) {
            draining.spawn(() -> {
                Task.yieldNow();
                ran.incrementAndGet();
            });
        }
        assertThat(draining.shutdown(Duration.ofDays(1), Duration.ZERO).isClean()).isTrue();
        assertThat(ran).hasValue(50);

        WeftRuntime dropping = runtimes.start(builder -> builder.maxConcurrentTasks(1));
        Oneshot<Void> started = Oneshot.signal();
        JoinHandle<?> holder = dropping.spawn(() -> {
            started.sender().signal();
            release.await();
        });
        started.receiver().await();
        List<JoinHandle<?>> waiting = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            waiting.add(dropping.spawn(() -> 1));
        }
        ShutdownReport report = dropping.shutdown(Duration.ZERO, Duration.ofDays(1));
        assertThat(report.isClean()).isTrue();
        assertThat(report.discarded()).isEqualTo(5);
        assertThat(report.aborted()).isEqualTo(6);
        assertThat(waiting).allMatch(JoinHandle::isCancelled);
        assertThat(holder.isCancelled()).isTrue();
    }

    /** A runtime whose only permit and only place are taken until {@link #release}, and a submitter with its own task. */
    private Thread submitterThatRuns(WeftRuntime weft, TaskAction body) throws Exception {
        var permitTaken = new CountDownLatch(1);
        weft.spawn(() -> {
            permitTaken.countDown();
            release.await();
        });
        permitTaken.await();
        weft.spawn(() -> 1);
        var entered = new CountDownLatch(1);
        Thread submitter = Thread.ofPlatform().daemon().name("submitter")
                .start(() -> weft.named("sent back").spawn(() -> {
                    entered.countDown();
                    body.run();
                }));
        entered.await();
        return submitter;
    }

    private WeftRuntime thatSendsBack() {
        return runtimes.start(builder -> builder.workerThreads(2).maxConcurrentTasks(1).queueCapacity(1)
                .whenFull(WhenFull.CALLER_RUNS));
    }

    @Test
    void aTaskThatItsSubmitterRunsIsListedAndWaitedFor() throws Exception {
        WeftRuntime weft = thatSendsBack();
        var leave = new CountDownLatch(1);
        Thread submitter = submitterThatRuns(weft, leave::await);
        release.countDown();
        await().untilAsserted(() -> assertThat(weft.metrics().live()).isZero());
        assertThat(weft.awaitQuiet(Duration.ofMillis(20))).isFalse();
        await().untilAsserted(() -> assertThat(weft.tasks(true, 10)).singleElement().satisfies(task -> {
            assertThat(task.name()).isEqualTo("sent back");
            assertThat(task.thread()).isEqualTo("submitter");
            assertThat(task.state()).isEqualTo(TaskInfo.State.SUSPENDED);
            assertThat(task.stack()).isNotEmpty();
            assertThat(weft.task(task.id())).isPresent();
        }));
        leave.countDown();
        submitter.join();
        assertThat(weft.awaitQuiet(Duration.ofSeconds(50))).isTrue();
        assertThat(weft.tasks(false, 10)).isEmpty();
    }

    @Test
    void aTaskThatItsSubmitterRunsIsAbortedWithTheOthers() throws Exception {
        WeftRuntime weft = thatSendsBack();
        var interrupted = new AtomicInteger();
        Thread submitter = submitterThatRuns(weft, () -> {
            try {
                Thread.sleep(Duration.ofDays(1));
            } catch (InterruptedException e) {
                interrupted.incrementAndGet();
                throw e;
            }
        });
        assertThat(weft.abortAll("enough")).isEqualTo(3);
        submitter.join();
        assertThat(interrupted).hasValue(1);
        assertThat(weft.awaitQuiet(Duration.ofSeconds(50))).isTrue();
    }

    @Test
    void aShutdownAbortsATaskThatItsSubmitterRuns() throws Exception {
        WeftRuntime weft = thatSendsBack();
        Thread submitter = submitterThatRuns(weft, () -> Thread.sleep(Duration.ofDays(1)));
        ShutdownReport report = weft.shutdown(Duration.ZERO, Duration.ofSeconds(50));
        submitter.join();
        assertThat(report.isClean()).isTrue();
        assertThat(report.aborted()).isEqualTo(3);
        assertThat(report.discarded()).isEqualTo(1);
    }

    @Test
    void aShutdownNamesATaskThatItsSubmitterRunsForEver() throws Exception {
        runtimes.expectSurvivors();
        WeftRuntime weft = thatSendsBack();
        var leave = new CountDownLatch(1);
        Thread submitter = submitterThatRuns(weft, () -> {
            for (;;) {
                try {
                    leave.await();
                    return;
                } catch (InterruptedException ignored) {
                    continue;
                }
            }
        });
        ShutdownReport report = weft.shutdown(Duration.ZERO, Duration.ofMillis(20));
        leave.countDown();
        submitter.join();
        assertThat(report.survivors()).singleElement().satisfies(survivor -> {
            assertThat(survivor.name()).isEqualTo("sent back");
            assertThat(survivor.abortRequested()).isTrue();
        });
    }

    /** Opens the gate when it is asked which thread's context it is: between two looks at the gate. */
    private static final class GateOpener extends TaskContext implements Thread.UncaughtExceptionHandler {

        private final WeftRuntime weft;
        private volatile boolean opened;

        GateOpener(WeftRuntime weft, RuntimeHost nowhere) {
            super(nowhere);
            this.weft = weft;
        }

        @Override
        public Thread thread() {
            if (!opened) {
                opened = true;
                weft.maxConcurrentTasks(0);
            }
            return Thread.currentThread();
        }

        @Override
        protected boolean runLent(TaskCell<?> other) {
            return false;
        }

        @Override
        public void uncaughtException(Thread thread, Throwable e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @Tag("dedicated-only")
    void aTaskThatFindsTheGateJustOpenedKeepsTheJvmAlive() throws Exception {
        WeftRuntime weft = runtimes.start(
                builder -> builder.name("just-opened").maxConcurrentTasks(1).keepAlive(KeepAlive.WHILE_TASKS_LIVE));
        var opener = new GateOpener(weft, new TestHost());
        Thread spawner = Thread.ofVirtual()
                .uncaughtExceptionHandler(opener)
                .start(() -> weft.spawn(() -> release.await()));
        spawner.join();
        assertThat(opener.opened).isTrue();
        assertThat(gate(weft).maxConcurrentTasks()).isZero();
        assertThat(gate(weft).running()).isZero();
        assertThat(weft.metrics().live()).isEqualTo(1);
        assertThat(Thread.getAllStackTraces().keySet())
                .anyMatch(thread -> thread.getName().equals("weft-just-opened-keep-alive"));
    }
}
