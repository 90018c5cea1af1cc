/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.concurrent;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The queue through which threads that are not workers hand work to the workers.
 *
 * <p>Thread-safe and lock-free for producers: {@link #push} is one atomic exchange. One consumer at a time: a thread
 * consumes between {@link #tryLockConsumer()} and {@link #unlockConsumer()}, and one that does not get the lock goes
 * elsewhere, since whoever holds it is handing out the work. FIFO for each producer.
 */
public final class InjectionQueue {

    /*
     * Vyukov's intrusive multi-producer single-consumer queue.
     *
     *   head -> n1 -> n2 -> ... <- tail          (head is owned by the consumer)
     *
     * push:  prev = exchange(tail, n); prev.next = n    // the exchange is the linearisation point
     * pop:   a node leaves only when its successor is known, so that no producer can still write to it;
     *        for the last node the stub is pushed behind it first.
     *
     * push may be called on the last words of a stack. A StackOverflowError comes at a call, so nothing is called between
     * the exchange and the end of push: it takes effect as a whole or not at all. That is why the link is a plain store,
     * behind a fence that stands before the exchange, and why the exchange goes through a field updater, since a
     * VarHandle's makes another call, to cast what it returns, after it has taken effect.
     *
     * Between the exchange and the link the chain is cut: pop then returns null although isEmpty() is false. A worker
     * that is about to park asks isEmpty(), so it stays awake until the producer has linked its node.
     *
     * "Empty" is: head is the stub AND tail is the stub. Comparing head with tail alone would miss a queue whose only
     * node is a real one. isEmpty() reads head racily: head is written by the consumer only, and a consumer that found
     * the queue non-empty has taken over the duty to wake others.
     *
     * The consumer lock: CAS 0 -> 1 acquires, a release store frees. It is tried, never waited for.
     */

    private static final AtomicReferenceFieldUpdater<InjectionQueue, QueueNode> TAIL = AtomicReferenceFieldUpdater
            .newUpdater(InjectionQueue.class, QueueNode.class, "tail");
    private static final VarHandle HEAD;
    private static final VarHandle CONSUMER;
    private static final VarHandle TAKEN;

    static {
        try {
            var lookup = MethodHandles.lookup();
            HEAD = lookup.findVarHandle(InjectionQueue.class, "head", QueueNode.class);
            CONSUMER = lookup.findVarHandle(InjectionQueue.class, "consumer", int.class);
            TAKEN = lookup.findVarHandle(InjectionQueue.class, "taken", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final class Stub extends QueueNode {}

    private final QueueNode stub = new Stub();

    // guarded by the consumer lock; read racily by isEmpty()
    private QueueNode head = stub;
    private long taken;

    // any thread
    private volatile QueueNode tail = stub;
    private volatile int consumer;

    /** Appends a node. Never blocks, never fails. A full fence stands between the push and what the caller reads next. */
    public void push(QueueNode node) {
        node.next = null;
        pushChain(node, node);
    }

    /** Appends nodes that are linked from the first to the last, as one push. What it throws, it throws before it. */
    void pushChain(QueueNode first, QueueNode last) {
        VarHandle.releaseFence(); // makes the store to prev.next a release; pairs with nextAcquire() in pop
        QueueNode prev = TAIL.getAndSet(this, last);
        prev.next = first; // no call may stand here or below, see above
    }

    /** Returns whether the caller may now {@link #pop}. */
    public boolean tryLockConsumer() {
        return consumer == 0 && CONSUMER.compareAndSet(this, 0, 1);
    }

    /** Lets another thread consume. */
    public void unlockConsumer() {
        CONSUMER.setRelease(this, 0); // pairs with the CAS in tryLockConsumer
    }

    /** Takes the oldest node, or null when there is none or its producer has not linked it yet. Holder of the lock only. */
    public @Nullable QueueNode pop() {
        QueueNode first = head;
        QueueNode next = first.nextAcquire();
        if (first == stub) {
            if (next == null) {
                return null;
            }
            HEAD.setOpaque(this, next);
            first = next;
            next = next.nextAcquire();
        }
        if (next != null) {
            return take(first, next);
        }
        if (tail != first) {
            return null;
        }
        push(stub);
        next = first.nextAcquire();
        return next == null ? null : take(first, next);
    }

    private QueueNode take(QueueNode first, QueueNode next) {
        HEAD.setOpaque(this, next);
        TAKEN.setOpaque(this, taken + 1);
        first.next = null;
        return first;
    }

    /** Returns whether a push has neither been popped nor is about to become poppable. Any thread. */
    public boolean isEmpty() {
        return tail == stub && HEAD.getOpaque(this) == stub;
    }

    /** Returns how many nodes were ever taken; with a count of pushes it gives the depth. Any thread. */
    public long taken() {
        return (long) TAKEN.getOpaque(this);
    }

    /**
     * Shows up to {@code limit} queued nodes, oldest first. Holder of the lock only; the nodes stay queued.
     *
     * @return how many were shown
     */
    public int peek(int limit, Consumer<QueueNode> each) {
        int seen = 0;
        for (QueueNode node = head; node != null && seen < limit; node = node.nextAcquire()) {
            if (node != stub) {
                each.accept(node);
                seen++;
            }
        }
        return seen;
    }
}
