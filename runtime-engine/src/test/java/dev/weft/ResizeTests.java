/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.channel.Oneshot;
import dev.weft.metrics.RuntimeMetrics;
import dev.weft.task.JoinHandle;
import dev.weft.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("dedicated-only")
@Timeout(60)
class ResizeTests {

    @RegisterExtension
    final Runtimes runtimes = new Runtimes();

    final Stuck stuck = new Stuck();

    @AfterEach
    void letGo() {
        stuck.release();
    }

    /** Without spares, so that as many tasks can hold a processor as there are workers. */
    private WeftRuntime withoutSpares(int workers) {
        return runtimes.start(builder -> builder.workerThreads(workers).maxSpareWorkers(0));
    }

    /** As many tasks as workers, each of which waits without suspending until all have begun: one for each worker. */
    private List<JoinHandle<?>> oneOnEachWorker(WeftRuntime weft, int workers, dev.weft.task.TaskAction then) {
        var begun = new AtomicInteger();
        List<JoinHandle<?>> tasks = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            tasks.add(weft.spawn(() -> {
                begun.incrementAndGet();
                while (begun.get() < workers) {
                    Thread.onSpinWait();
                }
                then.run();
            }));
        }
        return tasks;
    }

    private static void joinAll(List<JoinHandle<?>> tasks) throws InterruptedException {
        for (JoinHandle<?> task : tasks) {
            task.join();
        }
    }

    @Test
    void moreWorkersRunMoreTasksAtTheSameTime() throws Exception {
        WeftRuntime weft = withoutSpares(1);
        List<JoinHandle<?>> tasks = oneOnEachWorker(weft, 4, () -> {});
        weft.resizeWorkers(4);
        joinAll(tasks);
        assertThat(weft.metrics().workers()).hasSize(4);
    }

    @Test
    void fewerWorkersFinishAllThatWasQueued() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(4));
        int tasks = 5_000;
        var ran = new AtomicInteger();
        var spawned = new CountDownLatch(1);
        weft.spawn(() -> {
            for (int i = 0; i < tasks; i++) {
                Task.spawn(() -> {
                    Task.yieldNow();
                    ran.incrementAndGet();
                });
            }
            spawned.countDown();
        });
        spawned.await();
        weft.resizeWorkers(1);
        await().untilAsserted(() -> assertThat(ran).hasValue(tasks));
        assertThat(weft.metrics().workers()).hasSize(1);
        assertThat(weft.awaitQuiet(Duration.ofSeconds(50))).isTrue();
    }

    @Test
    void timersOfWorkersThatAreGoneStillFire() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(4).maxSpareWorkers(0));
        var asleep = new AtomicInteger();
        List<JoinHandle<?>> sleepers = oneOnEachWorker(weft, 4, () -> {
            asleep.incrementAndGet();
            Time.sleep(Duration.ofMillis(100));
            Thread.sleep(1);
        });
        await().until(() -> asleep.get() == 4);
        weft.resizeWorkers(1);
        joinAll(sleepers);
    }

    @Test
    void timersOfWorkersThatAreGoneFireWhileTheRestIsStuck() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(4));
        var asleep = new AtomicInteger();
        var woken = new AtomicInteger();
        List<JoinHandle<?>> sleepers = oneOnEachWorker(weft, 4, () -> {
            asleep.incrementAndGet();
            Time.sleep(Duration.ofMillis(200));
            if (woken.incrementAndGet() == 4) {
                stuck.release();
            }
        });
        await().until(() -> asleep.get() == 4);
        weft.resizeWorkers(1);
        JoinHandle<?> holder = weft.spawn(stuck::inNativeSleep);
        joinAll(sleepers);
        holder.join();
    }

    @Test
    void workOfAStuckWorkerThatIsToGoIsTakenOver() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(2));
        // Both workers hold a task that has queued a child behind itself; the children release them.
        var children = new AtomicInteger();
        Oneshot<Void> resized = Oneshot.signal();
        List<JoinHandle<?>> parents = oneOnEachWorker(weft, 2, () -> {
            Task.spawn(() -> {
                if (children.incrementAndGet() == 2) {
                    stuck.release();
                }
            });
            stuck.inCpuLoop();
        });
        await().until(() -> stuck.entered() == 2 || stuck.isReleased());
        weft.resizeWorkers(1);
        resized.sender().signal();
        joinAll(parents);
        assertThat(children).hasValue(2);
    }

    @Test
    void aStuckWorkerThatIsToGoHasItsQueueServedEvenIfItWasFilledJustNow() throws Exception {
        // Long threshold at first sight of the stall, so that the resize surely comes before the rescue.
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(2).stallThreshold(Duration.ofMillis(500)));
        var children = new AtomicInteger();
        List<JoinHandle<?>> parents = oneOnEachWorker(weft, 2, () -> {
            Task.spawn(() -> {
                if (children.incrementAndGet() == 2) {
                    stuck.release();
                }
            });
            stuck.inCpuLoop();
        });
        await().until(() -> stuck.entered() == 2);
        weft.resizeWorkers(1);
        joinAll(parents);
        assertThat(children).hasValue(2);
    }

    @Test
    void runningTasksAreNotDisturbed() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(4));
        Oneshot<Void> go = Oneshot.signal();
        List<JoinHandle<?>> tasks = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            tasks.add(weft.spawn(() -> {
                for (int n = 0; n < 200; n++) {
                    Task.yieldNow();
                    assertThat(Thread.currentThread().isInterrupted()).isFalse();
                }
            }));
        }
        for (int workers : new int[] {1, 3, 2, 6, 1, 4}) {
            weft.resizeWorkers(workers);
            assertThat(weft.metrics().workers()).hasSize(workers);
            assertThat(weft.<Integer, Exception>blockOn(() -> 1)).isEqualTo(1);
        }
        go.sender().signal();
        joinAll(tasks);
    }

    @Test
    void countersSurviveAndGrowOnly() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(3));
        int expected = 0;
        for (int workers : new int[] {1, 3, 2, 1, 3}) {
            for (int i = 0; i < 100; i++) {
                weft.spawn(() -> Task.spawn(() -> {}).join()).join();
                expected += 2;
            }
            weft.resizeWorkers(workers);
            assertThat(weft.metrics().spawned()).isGreaterThanOrEqualTo(weft.metrics().completed());
            assertThat(weft.awaitQuiet(Duration.ofSeconds(50))).isTrue();
            assertThat(weft.metrics().spawned()).isEqualTo(expected);
            assertThat(weft.metrics().completed()).isEqualTo(expected);
            assertThat(weft.metrics().live()).isZero();
        }
    }

    @Test
    void guestsAndTimersOfWorkersThatAreGoneStayCounted() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(4).maxSpareWorkers(0));
        joinAll(oneOnEachWorker(weft, 4, () -> {
            Thread.ofVirtual().start(() -> {}).join();
            Time.sleep(Duration.ofMillis(1));
        }));
        var asleep = new AtomicInteger();
        List<JoinHandle<?>> sleepers = oneOnEachWorker(weft, 4, () -> {
            asleep.incrementAndGet();
            Time.sleep(Duration.ofDays(1));
        });
        await().until(() -> asleep.get() == 4 && weft.metrics().timers().live() >= 4);
        RuntimeMetrics before = weft.metrics();
        assertThat(before.guests()).isGreaterThanOrEqualTo(4);
        assertThat(before.timers().fired()).isGreaterThanOrEqualTo(4);
        weft.resizeWorkers(1);
        for (int workers : new int[] {1, 3, 1}) {
            weft.resizeWorkers(workers);
            RuntimeMetrics after = weft.metrics();
            assertThat(after.guests()).isGreaterThanOrEqualTo(before.guests());
            assertThat(after.timers().registered()).isGreaterThanOrEqualTo(before.timers().registered());
            assertThat(after.timers().fired()).isGreaterThanOrEqualTo(before.timers().fired());
            assertThat(after.timers().live()).isGreaterThanOrEqualTo(4);
            assertThat(after.timers().totalLateness()).isGreaterThanOrEqualTo(before.timers().totalLateness());
        }
        sleepers.forEach(JoinHandle::abort);
        await().untilAsserted(() -> assertThat(weft.metrics().timers().live()).isZero());
    }

    @Test
    void aRuntimeIsNeverQuietWhileATaskLivesThroughAResize() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(4));
        Oneshot<Void> go = Oneshot.signal();
        JoinHandle<?> alive = weft.spawn(() -> go.receiver().await());
        List<JoinHandle<?>> load = oneOnEachWorker(weft, 4, () -> {
            for (int i = 0; i < 50; i++) {
                Task.spawn(() -> {});
            }
        });
        for (int i = 0; i < 50; i++) {
            weft.resizeWorkers(1 + i % 4);
            assertThat(weft.awaitQuiet(Duration.ZERO)).isFalse();
        }
        joinAll(load);
        assertThat(weft.awaitQuiet(Duration.ZERO)).isFalse();
        go.sender().signal();
        alive.join();
        assertThat(weft.awaitQuiet(Duration.ofSeconds(50))).isTrue();
    }

    @Test
    void closeRightAfterAResizeLosesNothing() throws Exception {
        for (int i = 0; i < 20; i++) {
            WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(4));
            var ended = new AtomicInteger();
            int tasks = 100;
            for (int n = 0; n < tasks; n++) {
                weft.spawn(() -> {
                    try {
                        Time.sleep(Duration.ofMillis(1));
                    } finally {
                        ended.incrementAndGet();
                    }
                });
            }
            weft.resizeWorkers(1 + i % 3);
            ShutdownReport report = weft.shutdown(Duration.ofSeconds(50), Duration.ofSeconds(5));
            assertThat(report.isClean()).as(report.toString()).isTrue();
            assertThat(ended).hasValue(tasks);
        }
    }

    @Test
    void aResizeOfAClosedRuntimeDoesNothing() {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(2));
        weft.close();
        weft.resizeWorkers(5);
        assertThat(weft.state()).isEqualTo(WeftRuntime.State.CLOSED);
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("weft-test-worker")));
    }

    @Test
    void workersThatAreGoneLeaveNothingBehind() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.name("shrinks").workerThreads(2));
        for (int i = 0; i < 30; i++) {
            weft.resizeWorkers(4);
            oneOnEachWorker(weft, 4, () -> Time.sleep(Duration.ofNanos(100_000))).getFirst().join();
            weft.resizeWorkers(1);
        }
        assertThat(weft.awaitQuiet(Duration.ofSeconds(50))).isTrue();
        assertThat(weft.metrics().workers()).hasSize(1);
        // Threads without a core are spares, of which there is a limit.
        await().untilAsserted(() -> assertThat(weft.metrics().spareWorkers())
                .isLessThanOrEqualTo(weft.metrics().maxSpareWorkers()));
    }
}
