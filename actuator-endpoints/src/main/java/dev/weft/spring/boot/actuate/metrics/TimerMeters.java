/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.actuate.metrics;

import dev.weft.metrics.TimerMetrics;

/** Timers of a whole runtime. */
final class TimerMeters {

    private TimerMeters() {}

    static void bind(MeterGroup<TimerMetrics> group) {
        group
                .gauge("weft.timers.live", "timers", "Timers that are armed", TimerMetrics::live)
                .counter("weft.timers.registered", "timers", "Timers that were ever armed", TimerMetrics::registered)
                .counter("weft.timers.fired", "timers", "Timers that fired", TimerMetrics::fired)
                .counter("weft.timers.cancelled", "timers", "Timers that were cancelled", TimerMetrics::cancelled)
                .seconds("weft.timers.lateness", "Sum of the distances between a deadline and its firing",
                        TimerMetrics::totalLateness)
                .timeGauge("weft.timers.lateness.max", "Worst distance between a deadline and its firing",
                        TimerMetrics::maxLateness);
    }
}
