/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.time;

import dev.weft.internal.port.RuntimePort;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * One point in time that can be waited for, by one thread at a time. Thread-safe. Closing it calls it off; whoever waits
 * is woken and told.
 */
public final class Timer implements AutoCloseable {

    /*
     * state: null -> waiter (a Thread) -> null ...   while the time has not come
     *        anything -> ELAPSED or CLOSED           for good; whoever was the waiter is unparked
     */

    private enum End {
        ELAPSED,
        CLOSED
    }

    private final AtomicReference<Object> state = new AtomicReference<>(this); // this: nobody waits
    private final RuntimePort.Alarm alarm;

    /** The alarm may ring before this returns; it looks at the state alone. */
    private Timer(RuntimePort runtime, long deadlineNanos) {
        if (deadlineNanos - runtime.clock().nanoTime() <= 0) {
            alarm = () -> false;
            end(End.ELAPSED);
        } else {
            alarm = runtime.schedule(deadlineNanos, () -> end(End.ELAPSED));
        }
    }

    static Timer at(RuntimePort runtime, long deadlineNanos) {
        return new Timer(runtime, deadlineNanos);
    }

    private void end(End how) {
        Object before = state.getAndUpdate(now -> now instanceof End ? now : how);
        if (before instanceof Thread waiter) {
            LockSupport.unpark(waiter);
        }
    }

    /** Returns whether the time has come. */
    public boolean isElapsed() {
        return state.get() == End.ELAPSED;
    }

    /**
     * Waits until the time has come.
     *
     * @throws InterruptedException when the task was aborted or interrupted; the timer goes on
     * @throws IllegalStateException when the timer is closed, or another thread waits for it
     */
    public void await() throws InterruptedException {
        Thread me = Thread.currentThread();
        Object before = state.compareAndExchange(this, me);
        if (before instanceof Thread other) {
            throw new IllegalStateException(
                    "thread '" + other.getName() + "' waits for this timer already. Use one timer"
                            + " for each waiter");
        }
        try {
            while (state.get() == me) {
                Time.park(this);
            }
        } finally {
            state.compareAndSet(me, this);
        }
        if (state.get() == End.CLOSED) {
            throw new IllegalStateException("the timer is closed");
        }
    }

    /** Calls the timer off, unless its time has come. */
    @Override
    public void close() {
        alarm.cancel();
        end(End.CLOSED);
    }

    @Override
    public String toString() {
        return "timer";
    }
}
