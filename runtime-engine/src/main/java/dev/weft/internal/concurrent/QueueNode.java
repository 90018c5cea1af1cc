/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.concurrent;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What a scheduler queue holds: a fresh task, or a thread that may go on.
 *
 * <p>The link is intrusive, so a node is in at most one {@link InjectionQueue} at a time. A node in a
 * {@link LocalQueue} does not use its link, except on its way from there to an injection queue.
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

    /** Written without a call, which could end in a stack overflow; whoever shares a queue brings the order. */
    @Nullable QueueNode next;

    /** For subclasses. */
    protected QueueNode() {}

    final @Nullable QueueNode nextAcquire() {
        return (QueueNode) NEXT.getAcquire(this); // pairs with the release fence in InjectionQueue.push
    }
}
