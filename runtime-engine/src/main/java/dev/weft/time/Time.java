/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.time;

import dev.weft.internal.port.ContextPort;
import dev.weft.internal.port.Ports;
import dev.weft.task.Op;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Sleeping and deadlines by the current runtime's clock.
 *
 * <p>Nothing ever happens early. Durations that are zero or negative have passed already; ones longer than 146 years
 * mean 146 years. Outside of a runtime {@link #sleep} sleeps by the machine's clock; the others throw
 * {@link IllegalStateException}.
 */
public final class Time {

    static final long FOREVER_NANOS = Long.MAX_VALUE / 2;

    private Time() {}

    /**
     * Suspends the current task for so long.
     *
     * @throws InterruptedException when the task was aborted or interrupted
     */
    public static void sleep(Duration duration) throws InterruptedException {
        ContextPort context = Ports.current();
        if (context == null) {
            Thread.sleep(duration);
            return;
        }
        long nanos = nanos(duration);
        if (nanos <= 0) {
            throwIfInterrupted();
            return;
        }
        sleepUntilNanos(context, context.runtime().clock().nanoTime() + nanos);
    }

    /** Suspends the current task until the deadline. */
    public static void sleepUntil(Deadline deadline) throws InterruptedException {
        ContextPort context = Ports.require("Time.sleepUntil");
        sleepUntilNanos(context, deadline.nanos());
    }

    static void sleepUntilNanos(ContextPort context, long deadlineNanos) throws InterruptedException {
        throwIfInterrupted();
        try (Timer timer = Timer.at(context.runtime(), deadlineNanos)) {
            timer.await();
        }
    }

    /** Returns the point in time that is so far from now, by the current runtime's clock. */
    public static Deadline deadlineIn(Duration duration) {
        ContextPort context = Ports.require("Time.deadlineIn");
        return new Deadline(context.runtime().clock().nanoTime() + nanos(duration));
    }

    /** Returns a timer that elapses after so long, whether anybody waits for it or not. */
    public static Timer after(Duration duration) {
        ContextPort context = Ports.require("Time.after");
        return Timer.at(context.runtime(), context.runtime().clock().nanoTime() + nanos(duration));
    }

    /**
     * Runs work on this very task, with a limit. When the time is up the work is interrupted, as by an abort, and what
     * it throws becomes a {@link TimeoutException} with that as its cause. A value that it returns all the same is
     * returned: it took effect. Deadlines nest; each ends its own work only, and an interrupt that was meant for the
     * work never outlives this call.
     *
     * @throws X what the work threw in time
     * @throws InterruptedException when the task was aborted or interrupted
     * @throws TimeoutException when the time was up
     */
    public static <R extends @Nullable Object, X extends Exception> R timeout(Duration limit, Op<R, X> work)
            throws X, InterruptedException, TimeoutException {
        Objects.requireNonNull(work, "work");
        ContextPort context = Ports.require("Time.timeout");
        throwIfInterrupted();
        var scope = new DeadlineScope(context, Thread.currentThread(), limit);
        R result;
        try {
            result = scope.run(work);
        } catch (Throwable thrown) {
            if (scope.close() && !(thrown instanceof Error)) {
                throw scope.timedOut(thrown);
            }
            throw thrown;
        }
        scope.close();
        return result;
    }

    /** Runs work without a result on this very task, with a limit; otherwise as {@link #timeout(Duration, Op)}. */
    public static <X extends Exception> void timeout(Duration limit, Op.Void<X> work)
            throws X, InterruptedException, TimeoutException {
        Objects.requireNonNull(work, "work");
        Op<@Nullable Object, X> op = () -> {
            work.run();
            return null;
        };
        timeout(limit, op);
    }

    private static void throwIfInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw Ports.interruption();
        }
    }

    /** Parks until something happens; the caller looks what it was. */
    static void park(Object blocker) throws InterruptedException {
        LockSupport.park(blocker);
        throwIfInterrupted();
    }

    static long nanos(Duration duration) {
        try {
            return Math.clamp(duration.toNanos(), -FOREVER_NANOS, FOREVER_NANOS);
        } catch (ArithmeticException e) {
            return duration.isNegative() ? -FOREVER_NANOS : FOREVER_NANOS;
        }
    }
}
