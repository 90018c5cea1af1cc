/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.actuate.metrics;

import dev.weft.metrics.AdmissionMetrics;
import io.micrometer.core.instrument.binder.BaseUnits;

/** The gate for tasks from outside. */
final class AdmissionMeters {

    private AdmissionMeters() {}

    static void bind(MeterGroup<AdmissionMetrics> group) {
        group
                .gauge("weft.admission.limit", BaseUnits.TASKS,
                        "Tasks from outside that may be under way at once; 0 means no limit",
                        AdmissionMetrics::maxConcurrentTasks)
                .gauge("weft.admission.running", BaseUnits.TASKS, "Tasks that hold a permit", AdmissionMetrics::running)
                .gauge("weft.admission.queued", BaseUnits.TASKS, "Tasks that wait for a permit",
                        AdmissionMetrics::queued)
                .gauge("weft.admission.queue.capacity", BaseUnits.TASKS,
                        "Tasks that may wait for a permit; 0 means unbounded", AdmissionMetrics::queueCapacity)
                .counter("weft.admission.rejected", BaseUnits.TASKS, "Tasks that found no room",
                        AdmissionMetrics::rejected)
                .counter("weft.admission.caller.runs", BaseUnits.TASKS,
                        "Tasks that their submitter ran, because they found no room", AdmissionMetrics::callerRuns);
    }
}
