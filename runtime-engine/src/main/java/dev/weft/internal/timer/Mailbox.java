/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.timer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Where threads that do not own a driver leave entries for its owner.
 *
 * <p>Any thread pushes, one consumer at a time takes everything. Lock-free, allocates nothing, unbounded: an entry is
 * its own node.
 */
final class Mailbox {

    /*
     * A Treiber stack that is only ever emptied as a whole, so there is no ABA: a push that finds the head it read
     * links to whatever is below it now, and nobody pops single nodes.
     *
     * push:    CAS head         // linearisation point; volatile, so that "push, then read the published deadline" and
     *                           // the owner's "publish the deadline, then isEmpty" cannot both miss the other
     * takeAll: exchange with null, then reverse, so that the owner sees the entries in the order of their pushes
     *
     * The link of an entry belongs to whoever set its posted bit (see TimerState), so the plain stores are safe: the CAS
     * publishes them to the exchange.
     */

    private static final VarHandle HEAD;

    static {
        try {
            HEAD = MethodHandles.lookup().findVarHandle(Mailbox.class, "head", TimerEntry.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("unused") // accessed through HEAD
    private @Nullable TimerEntry head;

    /** Adds an entry whose posted bit the caller has set. */
    void push(TimerEntry entry) {
        TimerEntry top;
        do {
            top = (TimerEntry) HEAD.getOpaque(this);
            entry.mailNext = top;
        } while (!HEAD.compareAndSet(this, top, entry));
    }

    boolean isEmpty() {
        return HEAD.getVolatile(this) == null;
    }

    /** Takes everything out: the oldest entry, from which the others follow through {@code mailNext}. */
    @Nullable TimerEntry takeAll() {
        var newest = isEmpty() ? null : (TimerEntry) HEAD.getAndSet(this, (TimerEntry) null);
        TimerEntry oldest = null;
        while (newest != null) {
            var older = newest.mailNext;
            newest.mailNext = oldest;
            oldest = newest;
            newest = older;
        }
        return oldest;
    }
}
