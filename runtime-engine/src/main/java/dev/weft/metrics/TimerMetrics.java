/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.metrics;

import java.time.Duration;

/**
 * Timers of one wheel, or of a whole runtime.
 *
 * @param live timers that are armed
 * @param registered timers that ever were
 * @param fired timers that fired
 * @param cancelled timers that were cancelled
 * @param maxLateness the worst distance between a deadline and its firing
 * @param totalLateness the sum of those distances
 */
public record TimerMetrics(
        long live, long registered, long fired, long cancelled, Duration maxLateness, Duration totalLateness) {

    /** No timers at all. */
    public static final TimerMetrics NONE = new TimerMetrics(0, 0, 0, 0, Duration.ZERO, Duration.ZERO);

    /** Adds another wheel's counters. */
    public TimerMetrics plus(TimerMetrics other) {
        return new TimerMetrics(
                live + other.live,
                registered + other.registered,
                fired + other.fired,
                cancelled + other.cancelled,
                maxLateness.compareTo(other.maxLateness) >= 0 ? maxLateness : other.maxLateness,
                totalLateness.plus(other.totalLateness));
    }
}
