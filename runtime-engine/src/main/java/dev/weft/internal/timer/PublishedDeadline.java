/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.timer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The next deadline of a driver as other threads see it.
 *
 * <p>Written by the owner, read by any thread. Never later than the first entry that the owner has filed; it may be
 * earlier, when the entry that it was meant for has been cancelled.
 */
final class PublishedDeadline {

    /*
     * Two strengths of store:
     *
     *   announce  opaque: for onlookers such as the monitor, who only need to see it some time soon;
     *   promise   volatile: the owner is about to park until then. Its partner is Mailbox.push, after which a foreign
     *             thread asks isLaterThan:
     *
     *                 owner                          foreign thread
     *                 promise(d)                     mailbox.push(e)
     *                 mailbox.isEmpty()?             isLaterThan(e.deadline)?
     *
     *             All four are volatile. If the foreign thread reads a value from before the promise, its push came
     *             before the owner's look into the mailbox, and the owner does not park. Otherwise it reads the promise
     *             and wakes the owner if that is later than its deadline. promise() stores even when the value does not
     *             change, as the store before it may have been an announcement that is still on its way.
     */

    private static final VarHandle NANOS;

    static {
        try {
            NANOS = MethodHandles.lookup().findVarHandle(PublishedDeadline.class, "nanos", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Nothing to do, ever. A real deadline of this value is published as one nanosecond less. */
    static final long NEVER = Long.MAX_VALUE;

    private long nanos = NEVER;

    void promise(long deadlineNanos) {
        NANOS.setVolatile(this, deadlineNanos);
    }

    void announce(long deadlineNanos) {
        if (nanos != deadlineNanos) {
            NANOS.setOpaque(this, deadlineNanos); // pairs with nothing: onlookers read it in their own time
        }
    }

    void announceIfEarlier(long deadlineNanos) {
        if (isLater(nanos, deadlineNanos)) {
            NANOS.setOpaque(this, notNever(deadlineNanos));
        }
    }

    long read() {
        return (long) NANOS.getOpaque(this);
    }

    /** Whether an owner that keeps its promise would wake too late for the given deadline. */
    boolean isLaterThan(long deadlineNanos) {
        return isLater((long) NANOS.getVolatile(this), deadlineNanos); // pairs with promise()
    }

    static long notNever(long deadlineNanos) {
        return deadlineNanos == NEVER ? NEVER - 1 : deadlineNanos;
    }

    private static boolean isLater(long published, long deadlineNanos) {
        return published == NEVER || deadlineNanos - published < 0;
    }
}
