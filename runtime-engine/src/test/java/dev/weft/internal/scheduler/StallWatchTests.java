/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.Stuck;
import dev.weft.clock.TimeSource;
import dev.weft.internal.blocking.TestHost;
import dev.weft.internal.task.TaskCell;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Samples of a worker that a task holds, at times that the test makes up. */
@Tag("dedicated-only")
@Timeout(60)
class StallWatchTests {

    /** So long that the JVM's own monitor sees nothing, and that every made-up time is far from the real ones. */
    private static final long THRESHOLD = TimeUnit.DAYS.toNanos(1);

    private final TestHost host = new TestHost();
    private final Stuck stuck = new Stuck();
    private final WorkerScheduler scheduler = WorkerScheduler.start(
            host, new SchedulerConfig("weft-watched", 1, THRESHOLD, 1, TimeSource.system()));
    private final StallWatch watch = new StallWatch(scheduler);
    private final long start = System.nanoTime();

    @BeforeEach
    void holdTheWorker() {
        submit(stuck::inCpuLoop);
        await().until(() -> stuck.entered() == 1);
    }

    @AfterEach
    void close() {
        stuck.release();
        assertThat(scheduler.close(30, TimeUnit.SECONDS)).isTrue();
    }

    private TaskCell<?> submit(Runnable body) {
        TaskCell<?> task = host.task(() -> {
            body.run();
            return null;
        });
        scheduler.submit(task);
        return task;
    }

    private void sample(double thresholds, boolean late) {
        watch.sample(start + (long) (thresholds * THRESHOLD), late);
    }

    @Test
    void aSliceThatIsSeenForLongerThanTheThresholdIsAStall() {
        sample(0, false);
        sample(0.9, false);
        assertThat(scheduler.stallCount()).isZero();
        sample(1.1, false);
        assertThat(scheduler.stallCount()).isEqualTo(1);
    }

    @Test
    void onePauseOfTheWholeMachineIsNoStall() {
        sample(0, false);
        sample(50, true);
        sample(50.5, false);
        sample(50.9, false);
        assertThat(scheduler.stallCount()).isZero();
        sample(51.1, false);
        assertThat(scheduler.stallCount()).isEqualTo(1);
    }

    @Test
    void aSliceThatIsSeenInThreeSamplesIsRescuedThoughEachCameLate() {
        TaskCell<?> waiting = submit(stuck::release);
        sample(0, true);
        sample(2, true);
        assertThat(scheduler.takeovers()).isZero();
        sample(4, true);
        assertThat(scheduler.stallCount()).isEqualTo(1);
        assertThat(scheduler.takeovers()).isEqualTo(1);
        await().until(waiting::isDone);
    }

    @Test
    void eachSliceHasAPauseForgiven() {
        sample(0, false);
        sample(2, true);
        stuck.release();
        await().until(scheduler::isQuiet);
        Stuck next = new Stuck();
        try {
            submit(next::inCpuLoop);
            await().until(() -> next.entered() == 1);
            sample(2.1, false);
            sample(4, true);
            assertThat(scheduler.stallCount()).isZero();
        } finally {
            next.release();
        }
    }
}
