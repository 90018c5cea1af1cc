/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.scheduler;

import dev.weft.internal.task.TaskCell;
import dev.weft.internal.timer.TimerDriver;
import dev.weft.metrics.TimerMetrics;
import dev.weft.metrics.WorkerMetrics;
import java.time.Duration;

/** Reads a core's counters, from any thread. */
final class CoreSnapshot {

    private CoreSnapshot() {}

    static WorkerMetrics of(Core core) {
        Worker worker = core.worker;
        Runner mounted = worker == null || worker.peekCore() != core ? null : worker.peekMounted();
        TaskCell<?> task = mounted == null ? null : mounted.task();
        return new WorkerMetrics(
                core.index,
                core.isParked(),
                task == null ? null : task.id(),
                core.depth(),
                core.sequence(),
                core.count(Core.STARTED),
                core.count(Core.GUESTS),
                core.count(Core.LIFO_SLICES),
                core.count(Core.STEALS),
                core.count(Core.STOLEN),
                core.count(Core.OVERFLOWS),
                core.count(Core.PARKS),
                core.count(Core.WAKES),
                core.count(Core.DRIVER_TURNS),
                core.count(Core.RUNNERS),
                core.idleRunnerCount,
                Duration.ofNanos(core.count(Core.BUSY_NANOS)),
                Duration.ofNanos(core.count(Core.IDLE_NANOS)),
                timers(core.timers));
    }

    static TimerMetrics timers(TimerDriver driver) {
        return new TimerMetrics(
                driver.size(),
                driver.registered(),
                driver.fired(),
                driver.cancelled(),
                Duration.ofNanos(driver.lateMaxNanos()),
                Duration.ofNanos(driver.lateTotalNanos()));
    }
}
