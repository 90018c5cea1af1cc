/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.concurrent;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What a scheduler queue holds: a fresh task, or a thread that may go on.
 *
 * <p>The link is intrusive, so a node is in at most one {@link InjectionQueue} at a time. A node in a
 * {@link LocalQueue} does not use its link.
 */
public abstract class QueueNode {

    private static final VarHandle NEXT;

    static {
        try {
            NEXT = MethodHandles.lookup().findVarHandle(QueueNode.class, "next", QueueNode.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("unused") // accessed through NEXT
    private @Nullable QueueNode next;

    /** For subclasses. */
    protected QueueNode() {}

    final @Nullable QueueNode nextAcquire() {
        return (QueueNode) NEXT.getAcquire(this); // pairs with setNextRelease
    }

    final void setNextRelease(@Nullable QueueNode node) {
        NEXT.setRelease(this, node);
    }

    final void setNextPlain(@Nullable QueueNode node) {
        NEXT.set(this, node);
    }
}
