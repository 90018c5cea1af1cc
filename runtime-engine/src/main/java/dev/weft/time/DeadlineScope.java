/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.time;

import dev.weft.internal.port.ContextPort;
import dev.weft.internal.port.DeadlinePort;
import dev.weft.internal.port.RuntimePort;
import dev.weft.task.Op;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A deadline around work on one thread, and the interrupt that enforces it. */
final class DeadlineScope implements DeadlinePort {

    /*
     *   OPEN   -> FIRING -> FIRED    // the alarm; only it leaves FIRING, after it has interrupted the thread
     *   OPEN   -> CLOSED             // the work is over; the CAS decides against the alarm
     *
     * close() that loses to the alarm waits until the interrupt has been sent and then clears it, so it cannot reach
     * what runs next on the thread. It parks meanwhile: a thread that yields can keep the JDK's scheduler, which runs
     * what a carrier has queued for itself before what comes from elsewhere, from ever running the one that interrupts.
     * What else may have interrupted the thread meanwhile is not lost: an abort is recognised by the task's own bit, an
     * outer deadline by its state, and the interrupt is set again for them. An interrupt by user code at the same moment
     * merges with ours, as two interrupts always do.
     */

    private static final long LOOK_NANOS = 50_000;

    private enum State {
        OPEN,
        FIRING,
        FIRED,
        CLOSED
    }

    private final ContextPort context;
    private final Thread thread;
    private final Duration limit;
    private final @Nullable DeadlineScope outer;
    private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);
    private final boolean abortedBefore;
    private RuntimePort.Alarm alarm = () -> false;

    DeadlineScope(ContextPort context, Thread thread, Duration limit) {
        this.context = context;
        this.thread = thread;
        this.limit = limit;
        this.outer = (DeadlineScope) context.deadlineScope();
        this.abortedBefore = context.isAbortRequested();
    }

    <R extends @Nullable Object, X extends Exception> R run(Op<R, X> work) throws X, InterruptedException {
        context.deadlineScope(this);
        long nanos = Time.nanos(limit);
        if (nanos <= 0) {
            fire();
        } else {
            RuntimePort runtime = context.runtime();
            alarm = runtime.schedule(runtime.clock().nanoTime() + nanos, this::fireFromTimer);
        }
        return work.run();
    }

    private void fire() {
        if (state.compareAndSet(State.OPEN, State.FIRING)) {
            interrupt();
        }
    }

    /** On a thread of the runtime that must not be kept. An interrupt can call what is: a channel that closes itself. */
    private void fireFromTimer() {
        if (state.compareAndSet(State.OPEN, State.FIRING)) {
            Thread.ofVirtual().name("weft-deadline").start(this::interrupt);
        }
    }

    private void interrupt() {
        try {
            thread.interrupt();
        } finally {
            state.set(State.FIRED);
        }
    }

    /** Ends the scope. Returns whether the time was up. */
    boolean close() {
        context.deadlineScope(outer);
        if (state.compareAndSet(State.OPEN, State.CLOSED)) {
            alarm.cancel();
            return false;
        }
        boolean interrupted = Thread.interrupted();
        while (state.get() == State.FIRING) {
            LockSupport.parkNanos(this, LOOK_NANOS);
            interrupted |= Thread.interrupted(); // with it, the next park would not wait
        }
        interrupted |= Thread.interrupted();
        if (isOuterFired() || (context.isAbortRequested() && !abortedBefore)) {
            thread.interrupt(); // theirs may have merged with ours
        }
        return interrupted || state.get() == State.FIRED;
    }

    private boolean isOuterFired() {
        return outer != null && outer.hasPassed();
    }

    @Override
    public boolean hasPassed() {
        State now = state.get();
        return now == State.FIRED || now == State.FIRING || isOuterFired();
    }

    TimeoutException timedOut(Throwable thrown) {
        var timeout = new TimeoutException("not done within " + limit);
        timeout.initCause(thrown);
        return timeout;
    }
}
