/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.actuate.metrics;

import dev.weft.metrics.WorkerMetrics;
import io.micrometer.core.instrument.binder.BaseUnits;

/** One worker. */
final class WorkerMeters {

    private WorkerMeters() {}

    static void bind(MeterGroup<WorkerMetrics> group) {
        group
                .counter("weft.worker.slices", "slices", "Times it ran something", WorkerMetrics::slices)
                .counter("weft.worker.tasks.started", BaseUnits.TASKS, "Tasks it was the first to run",
                        WorkerMetrics::tasksStarted)
                .counter("weft.worker.guest.slices", "slices",
                        "Times it ran a virtual thread started by user code", WorkerMetrics::guestSlices)
                .counter("weft.worker.lifo.slices", "slices", "Times it ran what had just been woken",
                        WorkerMetrics::lifoSlices)
                .counter("weft.worker.steals", "steals", "Successful visits to the queue of another worker",
                        WorkerMetrics::steals)
                .counter("weft.worker.stolen.tasks", BaseUnits.TASKS, "Entries those visits brought",
                        WorkerMetrics::stolenTasks)
                .counter("weft.worker.overflows", "overflows", "Entries its full queue sent to the injection queue",
                        WorkerMetrics::overflows)
                .counter("weft.worker.parks", "parks", "Times it went to sleep", WorkerMetrics::parks)
                .counter("weft.worker.wakes", "wakes", "Times others woke it", WorkerMetrics::wakes)
                .counter("weft.worker.driver.turns", "turns", "Times it advanced timers",
                        WorkerMetrics::driverTurns)
                .counter("weft.worker.runners.created", "runners",
                        "Virtual threads it had to make, because none was idle", WorkerMetrics::runnersCreated)
                .gauge("weft.worker.runners.idle", "runners", "Virtual threads it keeps for the next task",
                        WorkerMetrics::idleRunners)
                .gauge("weft.worker.queue.depth", BaseUnits.TASKS, "Entries of its local queue",
                        WorkerMetrics::localQueueDepth)
                .seconds("weft.worker.busy", "Time it spent running, from a coarse clock", WorkerMetrics::busy)
                .seconds("weft.worker.idle", "Time it spent asleep, from a coarse clock", WorkerMetrics::idle);
    }
}
