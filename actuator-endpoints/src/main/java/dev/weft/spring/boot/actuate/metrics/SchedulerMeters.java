/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.actuate.metrics;

import dev.weft.metrics.RuntimeMetrics;
import dev.weft.metrics.WorkerMetrics;
import io.micrometer.core.instrument.binder.BaseUnits;

/** What only a runtime with workers of its own has. */
final class SchedulerMeters {

    private SchedulerMeters() {}

    static void bind(MeterGroup<RuntimeMetrics> group) {
        group
                .gauge("weft.workers", "workers", "Workers that run tasks", metrics -> metrics.workers().size())
                .gauge("weft.workers.parked", "workers", "Workers that wait for work", SchedulerMeters::parked)
                .gauge("weft.injection.queue.depth", BaseUnits.TASKS,
                        "Entries that came from outside and no worker has taken", RuntimeMetrics::injectionQueueDepth)
                .counter("weft.guests", "guests",
                        "Times the workers ran a virtual thread started by user code", RuntimeMetrics::guests)
                .counter("weft.stalls", "stalls", "Tasks that kept a worker too long", RuntimeMetrics::stalls)
                .counter("weft.takeovers", "takeovers", "Times a spare worker took over",
                        RuntimeMetrics::takeovers)
                .counter("weft.takeovers.refused", "takeovers",
                        "Times no spare worker was left, or the site was backing off", RuntimeMetrics::takeoversRefused)
                .gauge("weft.spare.workers", "workers",
                        "Threads that took over from stalled workers, or wait to do so", RuntimeMetrics::spareWorkers)
                .gauge("weft.spare.workers.max", "workers", "Spare workers there may be",
                        RuntimeMetrics::maxSpareWorkers);
    }

    private static long parked(RuntimeMetrics metrics) {
        return metrics.workers().stream().filter(WorkerMetrics::parked).count();
    }
}
