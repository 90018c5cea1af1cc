/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.timer;

/**
 * Tells whether the calling thread is the one that may touch a {@link TimerDriver} now.
 *
 * <p>The scheduler implements it, because only the scheduler knows which thread works for a worker at the moment and
 * when a monitor takes that right away. At most one thread is the owner at any time, and what one owner did
 * happens-before what the next one does: the driver keeps its fields plain on the strength of that.
 *
 * <p>Both methods are called from any thread, a few machine instructions apart. They never block, throw or allocate.
 */
public interface OwnerGuard {

    /**
     * Asks to act as the owner; never waits.
     *
     * <p>May be called again inside by the thread that already owns the driver, from within
     * {@link TimerDriver#advance}, {@link TimerEntry#fire} and the like. Answering {@code false} is always correct,
     * and makes the call go through the mailbox.
     *
     * @return {@code true} if the caller owns the driver until it calls {@link #exit()}
     */
    boolean tryEnter();

    /** Ends what the last successful {@link #tryEnter()} of this thread began. */
    void exit();
}
