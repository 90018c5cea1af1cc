/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.timer;

import dev.weft.clock.TimeSource;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One deadline. The subclass says what happens then.
 *
 * <p>Handed to {@link TimerDriver#register} once; after it fired it may be {@linkplain #rearm re-armed} and registered
 * again, with the same driver or another. It is its own node in the driver and its own {@code ScheduledFuture}, because
 * the JDK keeps what {@code schedule} returned and calls {@code cancel(false)} on it when a thread wakes early.
 *
 * <p>Thread-safe. No method blocks or throws, except those of {@code Future} that would wait for a result: there is
 * none, so they throw {@link UnsupportedOperationException}.
 */
public abstract class TimerEntry extends TimerState implements ScheduledFuture<Object> {

    /*
     * Who may touch what:
     *
     *   state      any thread, through TimerState
     *   driver     written by the registering thread before the CAS from NEW publishes it; read after a CAS to
     *              CANCELLED by the canceller, or racily (for its clock only)
     *   deadline   written before registration, and by the owner while it files the entry; read plainly by the owner,
     *              opaquely by everybody else
     *   mailNext   whoever set the posted bit, until the push; then the owner, until it clears the bit
     *   place      the owner of the driver; a foreign thread that registers sets it to IN_MAIL before its push
     *   previous, next
     *              the owner of the driver. An entry that is in no slot of the wheel is linked to itself
     *
     * "driver" is read after the CAS, not before, because the entry may fire, be re-armed and be registered with
     * another driver in between. The CAS then cancels that later arming; once CANCELLED, the driver never changes.
     */

    private static final VarHandle DEADLINE;

    static {
        try {
            DEADLINE = MethodHandles.lookup().findVarHandle(TimerEntry.class, "deadline", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** The value of {@link #place} while the entry is neither in the wheel nor in the heap. */
    static final int UNFILED = -1;

    /** The value of {@link #place} from a foreign registration until the owner has read it. */
    static final int IN_MAIL = -2;

    long deadline;
    int place = UNFILED;
    TimerEntry previous = this;
    TimerEntry next = this;
    @Nullable TimerEntry mailNext;
    @Nullable TimerDriver driver;

    /**
     * Makes an entry that is not registered yet.
     *
     * @param deadlineNanos a reading of the driver's {@link TimeSource}, compared by difference. Further away than
     *     146 years means 146 years
     */
    protected TimerEntry(long deadlineNanos) {
        this.deadline = deadlineNanos;
    }

    /**
     * What happens at the deadline.
     *
     * <p>Runs on the thread that advances the driver, at most once per arming, and never after {@link #cancel} has
     * returned {@code true}. Must not block. May register, re-arm and cancel entries, this one included. What it throws
     * is counted by the driver and goes no further.
     */
    protected abstract void fire();

    /**
     * Makes sure that the entry never fires, from any thread, in constant time (logarithmic for deadlines within a few
     * milliseconds).
     *
     * <p>An entry that was not registered yet is dropped when it is. A cancelled entry cannot be re-armed.
     *
     * @param ignored there is nothing to interrupt
     * @return {@code true} if it will never fire because of this call; {@code false} if it fired or was cancelled
     *     before
     */
    @Override
    public final boolean cancel(boolean ignored) {
        var outcome = tryCancel();
        if (outcome == Cancellation.FILED) {
            registrar().discard(this);
        }
        return outcome != Cancellation.REFUSED;
    }

    /**
     * Makes a fired entry as good as new, with another deadline, ready to be registered again.
     *
     * <p>Only for the thread to which the firing was reported: {@link #fire} itself, or one that it woke.
     *
     * @return {@code false}, and no effect, if the entry has not fired: it is armed, cancelled or was never registered
     */
    protected final boolean rearm(long newDeadlineNanos) {
        if (!hasFired()) {
            return false;
        }
        DEADLINE.setOpaque(this, newDeadlineNanos); // ordered by the release in reset()
        reset();
        return true;
    }

    /** Returns when the entry is due, as a reading of the driver's clock. */
    public final long deadlineNanos() {
        return (long) DEADLINE.getOpaque(this);
    }

    /** Brings the deadline into the range in which differences do not overflow. By the owner, before it files. */
    final void clampDeadline(long nowNanos, long horizonNanos) {
        long remaining = deadline - nowNanos;
        if (remaining > horizonNanos) {
            DEADLINE.setOpaque(this, nowNanos + horizonNanos);
        } else if (remaining < -horizonNanos) {
            DEADLINE.setOpaque(this, nowNanos - horizonNanos);
        }
    }

    /** Returns whether it fired or was cancelled. True already while {@link #fire} runs. */
    @Override
    public final boolean isDone() {
        return hasFired() || wasCancelled();
    }

    @Override
    public final boolean isCancelled() {
        return wasCancelled();
    }

    /** Returns the time left by the driver's clock, or by the machine's for an entry that was never registered. */
    @Override
    public final long getDelay(TimeUnit unit) {
        var registeredWith = driver;
        var clock = registeredWith == null ? TimeSource.system() : registeredWith.clock();
        return unit.convert(deadlineNanos() - clock.nanoTime(), TimeUnit.NANOSECONDS);
    }

    /** Orders by deadline; not consistent with {@code equals}, which is identity. */
    @Override
    public final int compareTo(Delayed other) {
        if (other == this) {
            return 0;
        }
        if (other instanceof TimerEntry entry) {
            return Long.signum(deadlineNanos() - entry.deadlineNanos());
        }
        return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }

    /** Returns {@code RUNNING} until it fired or was cancelled. */
    @Override
    public final State state() {
        if (wasCancelled()) {
            return State.CANCELLED;
        }
        return hasFired() ? State.SUCCESS : State.RUNNING;
    }

    /** Not supported: there is no result to wait for. */
    @Override
    public final Object get() {
        throw noResult();
    }

    /** Not supported: there is no result to wait for. */
    @Override
    public final Object get(long timeout, TimeUnit unit) {
        throw noResult();
    }

    /** Not supported: there is no result. */
    @Override
    public final Object resultNow() {
        throw noResult();
    }

    /** Not supported: there is no result. */
    @Override
    public final Throwable exceptionNow() {
        throw noResult();
    }

    @SuppressWarnings("NullAway") // whatever is or was armed has a driver
    private TimerDriver registrar() {
        return driver;
    }

    private static UnsupportedOperationException noResult() {
        return new UnsupportedOperationException("A timer entry has no result; it only fires or is cancelled");
    }
}
