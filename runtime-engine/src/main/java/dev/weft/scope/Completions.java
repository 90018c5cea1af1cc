/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.scope;

import dev.weft.internal.port.Ports;
import dev.weft.internal.port.RuntimePort;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The children that have completed, in that order, and the one thread that waits for the next. */
final class Completions<H> {

    private final ConcurrentLinkedQueue<H> done = new ConcurrentLinkedQueue<>();
    private volatile @Nullable Thread waiter;

    /** Any thread. */
    void add(H child) {
        done.add(child);
        LockSupport.unpark(waiter); // after the add: the waiter sets itself before it looks
    }

    @Nullable H poll() {
        return done.poll();
    }

    /** Waits for the next child. */
    H take() throws InterruptedException {
        return Objects.requireNonNull(await(null));
    }

    /** Waits for the next child until the deadline of {@code runtime}; null when that has come. */
    @Nullable H take(RuntimePort runtime, long deadlineNanos) throws InterruptedException {
        H next = done.poll();
        if (next != null || deadlineNanos - runtime.clock().nanoTime() <= 0) {
            return next;
        }
        Thread me = Thread.currentThread();
        RuntimePort.Alarm alarm = runtime.schedule(deadlineNanos, () -> LockSupport.unpark(me));
        try {
            return await(() -> deadlineNanos - runtime.clock().nanoTime() <= 0);
        } finally {
            alarm.cancel();
        }
    }

    private @Nullable H await(@Nullable BooleanSupplier timeIsUp) throws InterruptedException {
        waiter = Thread.currentThread();
        try {
            for (;;) {
                H next = done.poll();
                if (next != null || (timeIsUp != null && timeIsUp.getAsBoolean())) {
                    return next;
                }
                if (Thread.interrupted()) {
                    throw Ports.interruption();
                }
                LockSupport.park(this);
            }
        } finally {
            waiter = null;
        }
    }

    @Override
    public String toString() {
        return "a child of a join set";
    }
}
