/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.actuate.metrics;

import dev.weft.metrics.RuntimeMetrics;
import io.micrometer.core.instrument.binder.BaseUnits;

/** Tasks, in both modes. */
final class TaskMeters {

    private TaskMeters() {}

    static void bind(MeterGroup<RuntimeMetrics> group) {
        group
                .counter("weft.tasks.spawned", BaseUnits.TASKS, "Tasks ever spawned", RuntimeMetrics::spawned)
                .counter("weft.tasks.completed", BaseUnits.TASKS, "Tasks that ended in any way",
                        RuntimeMetrics::completed)
                .counter("weft.tasks.failed", BaseUnits.TASKS, "Tasks that ended with an exception",
                        RuntimeMetrics::failed)
                .counter("weft.tasks.aborted", BaseUnits.TASKS, "Tasks that ended because of an abort",
                        RuntimeMetrics::aborted)
                .gauge("weft.tasks.live", BaseUnits.TASKS, "Tasks that have not ended", RuntimeMetrics::live);
    }
}
