/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.concurrent;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * How long it pays to look again and again before going to sleep, learnt from how long the last waits were.
 *
 * <p>Thread-safe. Threads that share a budget spin one at a time; the others are told to sleep at once.
 */
public final class SpinBudget {

    /*
     * Ending another thread's sleep costs both sides more than running many tasks does. So after a short wait, slept or
     * spun, the next one may spin twice as long as the last; a wait that was longer than the limit halves that, down to
     * nothing. A thread whose waits are long burns less than twice the limit before it spins no more.
     *
     * On a single processor the awaited thread cannot run meanwhile: there the budget is always empty. Where processors
     * are in demand, spinning makes the one that spins lose its own, for a whole time slice and unseen by those who rely
     * on its looking. A look that takes far too long shows that; then nobody spins on this budget for a good while.
     *
     * What is learnt is written without care, since a lost lesson only makes the next wait a little dearer.
     */

    /** Waits shorter than this are cheaper to spin through than to sleep through. */
    private static final long LIMIT_NANOS = Runtime.getRuntime().availableProcessors() == 1 ? 0 : 50_000;

    private static final long LEAST_NANOS = 1_000;

    /** A look at what is awaited takes the cache line away from those who work on it, so it is not taken at each turn. */
    private static final int PAUSES_PER_LOOK = 32;

    private static final int WAITS_HELD_OFF = 100;

    private final AtomicBoolean taken = new AtomicBoolean();
    private final boolean polite;
    private final LongSupplier nanoTime;
    private long nanos;
    private int heldOff;

    /**
     * Makes an empty budget.
     *
     * @param polite whether to offer the processor to other threads at each look: for who may just have woken one, which
     *     the kernel likes to put on the waker's own processor
     */
    public SpinBudget(boolean polite) {
        this(polite, System::nanoTime);
    }

    SpinBudget(boolean polite, LongSupplier nanoTime) {
        this.polite = polite;
        this.nanoTime = nanoTime;
    }

    /** Returns how long the next spin may be, 0 for not at all. */
    public long nanos() {
        return nanos;
    }

    /** Learns how long a wait was, from its beginning to its end. */
    public void waited(long waitedNanos) {
        if (heldOff > 0) {
            heldOff--;
        } else if (waitedNanos < LIMIT_NANOS) {
            nanos = Math.min(LIMIT_NANOS, Math.max(LEAST_NANOS, 2 * nanos));
        } else if (nanos != 0) {
            nanos = nanos / 2 < LEAST_NANOS ? 0 : nanos / 2;
        }
    }

    /**
     * Spins until the condition holds or the budget is used up.
     *
     * @param since when the wait began, by {@link System#nanoTime()}
     * @return whether the condition held; false also when another thread spins on this budget
     */
    public boolean spinUntil(BooleanSupplier condition, long since) {
        if (nanos == 0 || !taken.compareAndSet(false, true)) {
            return false;
        }
        try {
            return spin(condition, since);
        } finally {
            taken.set(false);
        }
    }

    private boolean spin(BooleanSupplier condition, long since) {
        long last = nanoTime.getAsLong();
        do {
            for (int i = 0; i < PAUSES_PER_LOOK; i++) {
                Thread.onSpinWait();
            }
            if (polite) {
                Thread.yield();
            }
            if (condition.getAsBoolean()) {
                return true;
            }
            long now = nanoTime.getAsLong();
            if (now - last > LIMIT_NANOS) { // the processor was lost meanwhile
                nanos = 0;
                heldOff = WAITS_HELD_OFF;
            }
            last = now;
        } while (last - since < nanos);
        return false;
    }
}
