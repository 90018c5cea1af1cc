/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.concurrent;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** A FIFO of nodes for one owner, linked through the nodes themselves. Others may ask whether it is empty. */
public final class NodeList {

    private static final VarHandle HEAD;

    static {
        try {
            HEAD = MethodHandles.lookup().findVarHandle(NodeList.class, "head", QueueNode.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private @Nullable QueueNode head;
    private @Nullable QueueNode tail;

    public NodeList() {
    }

    /** Appends a node. Owner only. */
    public void add(QueueNode node) {
        node.next = null;
        QueueNode last = tail;
        tail = node;
        if (last == null) {
            HEAD.setOpaque(this, node);
        } else {
            last.next = node;
        }
    }

    /** Takes the oldest node. Owner only. */
    public @Nullable QueueNode poll() {
        QueueNode first = head;
        if (first == null) {
            return null;
        }
        QueueNode next = first.next;
        HEAD.setOpaque(this, next);
        if (next == null) {
            tail = null;
        }
        first.next = null;
        return first;
    }

    /** Returns whether there is nothing to take. Racy for others than the owner. */
    public boolean isEmpty() {
        return HEAD.getOpaque(this) == null;
    }
}
