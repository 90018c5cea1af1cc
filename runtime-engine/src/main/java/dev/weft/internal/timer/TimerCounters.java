/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.timer;

import dev.weft.metrics.TimerMetrics;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a driver has done so far.
 *
 * <p>Written by the owner of the driver, read by any thread: each value is whole and recent, but two of them need not
 * belong to the same moment. Read by the owner, {@code registered == fired + cancelled + drained + filed}.
 */
final class TimerCounters {

    /*
     * Single writer: plain read, opaque store. The opaque store keeps a long from tearing and from being delayed for
     * ever; it orders nothing.
     */

    private static final VarHandle REGISTERED = handle("registered", long.class);
    private static final VarHandle FIRED = handle("fired", long.class);
    private static final VarHandle CANCELLED = handle("cancelled", long.class);
    private static final VarHandle DRAINED = handle("drained", long.class);
    private static final VarHandle FAILED = handle("failed", long.class);
    private static final VarHandle LATE_TOTAL = handle("lateTotalNanos", long.class);
    private static final VarHandle LATE_MAX = handle("lateMaxNanos", long.class);
    private static final VarHandle FILED = handle("filed", int.class);
    private static final VarHandle LAST_FAILURE = handle("lastFailure", Throwable.class);

    private long registered;
    private long fired;
    private long cancelled;
    private long drained;
    private long failed;
    private long lateTotalNanos;
    private long lateMaxNanos;
    private int filed;

    @SuppressWarnings("unused") // accessed through LAST_FAILURE
    private @Nullable Throwable lastFailure;

    void entryRegistered() {
        REGISTERED.setOpaque(this, registered + 1);
    }

    void entryFired(long lateNanos) {
        FIRED.setOpaque(this, fired + 1);
        LATE_TOTAL.setOpaque(this, lateTotalNanos + lateNanos);
        if (lateNanos > lateMaxNanos) {
            LATE_MAX.setOpaque(this, lateNanos);
        }
    }

    void entryCancelled() {
        CANCELLED.setOpaque(this, cancelled + 1);
    }

    void entryDrained() {
        DRAINED.setOpaque(this, drained + 1);
    }

    void actionFailed(Throwable cause) {
        LAST_FAILURE.setRelease(this, cause); // pairs with lastFailure()
        FAILED.setOpaque(this, failed + 1);
    }

    void filed(int change) {
        FILED.setOpaque(this, filed + change);
    }

    int filed() {
        return (int) FILED.getOpaque(this);
    }

    long registered() {
        return (long) REGISTERED.getOpaque(this);
    }

    long fired() {
        return (long) FIRED.getOpaque(this);
    }

    long cancelled() {
        return (long) CANCELLED.getOpaque(this);
    }

    long drained() {
        return (long) DRAINED.getOpaque(this);
    }

    long failed() {
        return (long) FAILED.getOpaque(this);
    }

    long lateTotalNanos() {
        return (long) LATE_TOTAL.getOpaque(this);
    }

    long lateMaxNanos() {
        return (long) LATE_MAX.getOpaque(this);
    }

    @Nullable Throwable lastFailure() {
        return (Throwable) LAST_FAILURE.getAcquire(this); // pairs with actionFailed()
    }

    TimerMetrics snapshot() {
        return new TimerMetrics(
                filed(),
                registered(),
                fired(),
                cancelled(),
                Duration.ofNanos(lateMaxNanos()),
                Duration.ofNanos(lateTotalNanos()));
    }

    private static VarHandle handle(String field, Class<?> type) {
        try {
            return MethodHandles.lookup().findVarHandle(TimerCounters.class, field, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
