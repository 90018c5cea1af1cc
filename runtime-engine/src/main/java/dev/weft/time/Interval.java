/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.time;

import dev.weft.internal.port.ContextPort;
import dev.weft.internal.port.Ports;
import java.time.Duration;
import java.util.Objects;

/**
 * Ticks at a fixed period; the first tick comes at once. Not thread-safe: one task ticks.
 *
 * <p>There is nothing to close: between two calls of {@link #tick()} no timer is armed.
 */
public final class Interval {

    private final long periodNanos;
    private final MissedTickBehavior missed;
    private long nextNanos;
    private long ticks;

    private Interval(long periodNanos, MissedTickBehavior missed, long firstNanos) {
        this.periodNanos = periodNanos;
        this.missed = missed;
        this.nextNanos = firstNanos;
    }

    /** Begins an interval whose missed ticks come in a burst. */
    public static Interval every(Duration period) {
        return every(period, MissedTickBehavior.BURST);
    }

    /**
     * Begins an interval.
     *
     * @param period positive
     */
    public static Interval every(Duration period, MissedTickBehavior missed) {
        long nanos = Time.nanos(period);
        if (nanos <= 0) {
            throw new IllegalArgumentException("period is " + period + ", but must be positive");
        }
        ContextPort context = Ports.require("Interval.every");
        return new Interval(
                nanos,
                Objects.requireNonNull(missed, "missed"),
                context.runtime().clock().nanoTime());
    }

    /**
     * Waits for the next tick.
     *
     * @return its number, from 0
     * @throws InterruptedException when the task was aborted or interrupted; the tick is then still to come
     */
    public long tick() throws InterruptedException {
        ContextPort context = Ports.require("Interval.tick");
        Time.sleepUntilNanos(context, nextNanos);
        nextNanos = following(context.runtime().clock().nanoTime());
        return ticks++;
    }

    private long following(long now) {
        long onSchedule = nextNanos + periodNanos;
        if (onSchedule - now > 0) {
            return onSchedule;
        }
        return switch (missed) {
            case BURST -> onSchedule;
            case DELAY -> now + periodNanos;
            case SKIP -> onSchedule + ((now - onSchedule) / periodNanos + 1) * periodNanos;
        };
    }

    /** Makes the next tick come one period from now. */
    public void reset() {
        nextNanos = Ports.require("Interval.reset").runtime().clock().nanoTime() + periodNanos;
    }

    /** Returns the period. */
    public Duration period() {
        return Duration.ofNanos(periodNanos);
    }
}
