/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.channel.Oneshot;
import dev.weft.metrics.RuntimeMetrics;
import dev.weft.metrics.TimerMetrics;
import dev.weft.metrics.WorkerMetrics;
import dev.weft.task.JoinHandle;
import dev.weft.time.Time;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class MetricsTests {

    @RegisterExtension
    final Runtimes runtimes = new Runtimes();

    private static long sum(WeftRuntime weft, ToLongFunction<WorkerMetrics> what) {
        return weft.metrics().workers().stream().mapToLong(what).sum();
    }

    @Test
    void tasksAreCountedByTheWayTheyEnd() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(2));
        weft.spawn(() -> Task.spawn(() -> 1).join()).join();
        JoinHandle<?> failed = weft.spawn(() -> {
            throw new IllegalStateException();
        });
        assertThatThrownBy(failed::join).isNotNull();
        CountDownLatch started = new CountDownLatch(1);
        JoinHandle<?> aborted = weft.spawn(() -> {
            started.countDown(); // one that is aborted before would stay in the queue until a worker drops it
            Time.sleep(Duration.ofDays(1));
        });
        started.await();
        assertThat(weft.metrics().live()).isPositive();
        aborted.abort();
        assertThatThrownBy(aborted::join).isNotNull();
        assertThat(weft.awaitQuiet(Duration.ofSeconds(50))).isTrue();
        RuntimeMetrics metrics = weft.metrics();
        assertThat(metrics.spawned()).isEqualTo(4);
        assertThat(metrics.completed()).isEqualTo(4);
        assertThat(metrics.live()).isZero();
        assertThat(metrics.failed()).isEqualTo(1);
        assertThat(metrics.aborted()).isEqualTo(1);
        assertThat(metrics.injectionQueueDepth()).isZero();
        assertThat(metrics.forwarded()).isZero();
        assertThat(metrics.uptime()).isPositive();
        assertThat(metrics.state()).isEqualTo("running");
        assertThat(metrics.blocking()).containsOnlyKeys("main");
    }

    @Test
    @Tag("dedicated-only")
    void aTaskThatIsAbortedInTheQueueLeavesItWhenAWorkerComesBy() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(1).maxSpareWorkers(0));
        Stuck stuck = new Stuck();
        JoinHandle<?> blocker = weft.spawn(stuck::inCpuLoop);
        await().until(() -> stuck.entered() == 1);
        JoinHandle<?> aborted = weft.spawn(() -> {});
        aborted.abort();
        assertThat(aborted.isDone()).isTrue();
        assertThat(weft.metrics().live()).isEqualTo(1);
        assertThat(weft.metrics().injectionQueueDepth()).isEqualTo(1);
        stuck.release();
        blocker.join();
        await().until(() -> weft.metrics().injectionQueueDepth() == 0);
        assertThat(weft.metrics().aborted()).isEqualTo(1);
    }

    @Test
    @Tag("dedicated-only")
    void aTaskFromOutsideThatSpawnsOneAreTwoStarts() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(1));
        weft.spawn(() -> Task.spawn(() -> 1).join()).join();
        assertThat(weft.awaitQuiet(Duration.ofSeconds(50))).isTrue();
        assertThat(sum(weft, WorkerMetrics::tasksStarted)).isEqualTo(2);
        assertThat(sum(weft, WorkerMetrics::lifoSlices)).isPositive();
        assertThat(sum(weft, WorkerMetrics::slices)).isGreaterThanOrEqualTo(2);
        assertThat(sum(weft, WorkerMetrics::runnersCreated)).isBetween(1L, 2L);
    }

    @Test
    @Tag("dedicated-only")
    void anIdleWorkerIsParkedAndABusyOneShowsItsTask() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(1).maxSpareWorkers(0));
        await().until(() -> weft.metrics().workers().getFirst().parked());
        Stuck stuck = new Stuck();
        JoinHandle<?> task = weft.spawn(stuck::inCpuLoop);
        await().until(() -> stuck.entered() == 1);
        WorkerMetrics busy = weft.metrics().workers().getFirst();
        assertThat(busy.parked()).isFalse();
        assertThat(busy.currentTask()).isEqualTo(task.id());
        JoinHandle<?> waiting = weft.spawn(() -> {});
        assertThat(weft.metrics().injectionQueueDepth()).isEqualTo(1);
        stuck.release();
        task.join();
        waiting.join();
        await().until(() -> weft.metrics().workers().getFirst().parked());
        assertThat(weft.metrics().injectionQueueDepth()).isZero();
        assertThat(weft.metrics().workers().getFirst().currentTask()).isNull();
        assertThat(weft.metrics().workers().getFirst().wakes()).isPositive();
    }

    @Test
    @Tag("dedicated-only")
    void aFullRingOverflowsIntoTheInjectionQueue() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(1).maxSpareWorkers(0));
        weft.blockOn(() -> {
            for (int i = 0; i < 1_000; i++) {
                Task.spawn(() -> {});
            }
        });
        assertThat(weft.awaitQuiet(Duration.ofSeconds(50))).isTrue();
        assertThat(sum(weft, WorkerMetrics::overflows)).isGreaterThanOrEqualTo(1_000 - 2 * 256);
        assertThat(sum(weft, WorkerMetrics::tasksStarted)).isEqualTo(1_001);
    }

    @Test
    @Tag("dedicated-only")
    void whatOverflowedIsInTheDepthOfTheInjectionQueue() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(1).maxSpareWorkers(0));
        weft.blockOn(() -> {
            for (int i = 0; i < 1_000; i++) {
                Task.spawn(() -> {});
            }
            assertThat(weft.metrics().injectionQueueDepth()).isEqualTo(sum(weft, WorkerMetrics::overflows))
                    .isPositive();
        });
        assertThat(weft.awaitQuiet(Duration.ofSeconds(50))).isTrue();
        assertThat(weft.metrics().injectionQueueDepth()).isZero();
    }

    @Test
    @Tag("dedicated-only")
    void aTaskOnOneWorkerIsNeverStolen() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(1));
        weft.blockOn(() -> {
            for (int i = 0; i < 100; i++) {
                Task.spawn(() -> Task.yieldNow());
            }
        });
        assertThat(weft.awaitQuiet(Duration.ofSeconds(50))).isTrue();
        assertThat(sum(weft, WorkerMetrics::steals)).isZero();
        assertThat(sum(weft, WorkerMetrics::stolenTasks)).isZero();
    }

    @Test
    @Tag("dedicated-only")
    void timersAreCountedWhereTheyAre() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(1));
        weft.blockOn(() -> {
            for (int i = 0; i < 10; i++) {
                Time.sleep(Duration.ofNanos(50_000));
                Thread.sleep(0, 50_000);
            }
            try (var timer = Time.after(Duration.ofDays(1))) {
                assertThat(timer.isElapsed()).isFalse();
            }
        });
        Oneshot<Void> go = Oneshot.signal();
        weft.spawn(() -> {
            try (var timer = Time.after(Duration.ofDays(1))) {
                assertThat(timer.isElapsed()).isFalse();
                go.receiver().await();
            }
        });
        await().untilAsserted(() -> assertThat(weft.metrics().timers().live()).isEqualTo(1));
        TimerMetrics timers = weft.metrics().timers();
        assertThat(timers.fired()).isBetween(10L, 20L); // what is due when it is asked for needs no timer
        assertThat(timers.cancelled()).isPositive();
        assertThat(timers.registered()).isEqualTo(timers.fired() + timers.cancelled() + timers.live());
        assertThat(timers.maxLateness()).isPositive().isLessThanOrEqualTo(timers.totalLateness());
        go.sender().signal();
        await().untilAsserted(() -> assertThat(weft.metrics().timers().live()).isZero());
    }

    @Test
    @Tag("dedicated-only")
    void timesAreByTheClockOfTheRuntime() throws Exception {
        ManualClock clock = new ManualClock(1);
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(1).timeSource(clock));
        weft.spawn(() -> clock.advance(Duration.ofHours(3))).join();
        await().untilAsserted(() -> assertThat(weft.metrics().workers().getFirst().busy()
                .plus(weft.metrics().workers().getFirst().idle()))
                .isGreaterThanOrEqualTo(Duration.ofHours(3)));
    }

    @Test
    void aSnapshotDoesNotChange() throws Exception {
        WeftRuntime weft = runtimes.start();
        RuntimeMetrics before = weft.metrics();
        weft.spawn(() -> 1).join();
        assertThat(before.spawned()).isZero();
        assertThatThrownBy(() -> before.workers().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> before.blocking().clear()).isInstanceOf(UnsupportedOperationException.class);
        await().untilAsserted(() -> assertThat(weft.metrics().completed()).isEqualTo(1));
    }

    @Test
    void aClosedRuntimeStillHasItsNumbers() throws Exception {
        WeftRuntime weft = runtimes.start();
        weft.spawn(() -> 1).join();
        weft.close();
        assertThat(weft.metrics().state()).isEqualTo("closed");
        assertThat(weft.metrics().spawned()).isEqualTo(1);
        assertThat(weft.metrics().completed()).isEqualTo(1);
    }
}
