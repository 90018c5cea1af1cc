/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.concurrent;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A worker's ring of runnable nodes: one owner pushes and pops, any thread steals half.
 *
 * <p>Lock-free; never blocks. FIFO. A full ring refuses, and the caller moves work to the injection queue with
 * {@link #moveHalf}.
 */
public final class LocalQueue {

    /*
     * Tokio's bounded ring (its runtime/scheduler/multi_thread/queue.rs; the constants' reasons are given there), and a
     * way for the owner to take back what it pushed last.
     *
     * head : | taken back : 23 | stealing : 9 | real : 32 |     tail : 32, owner writes
     *
     * Live entries are [real, tail). While stealing != 0 a thief is copying [real - stealing, real) and the owner must
     * not reuse those slots, so the free space is capacity - (tail - real + stealing).
     *
     *   push     owner: slot write, then tail (release).                            // tail is the linearisation point
     *   pop      owner: CAS real+1 (and stealing+1 while a thief is active).
     *   steal    thief: CAS real += half, stealing = half, while stealing == 0  -> claims the entries, only one thief at
     *                   a time; copies them; CAS stealing = 0                   -> gives the slots back.
     *   unpush   owner: tail-1 (release), then CAS takenBack+1.                     // the CAS is the linearisation point
     *            A thief that read the old tail holds an older head, so its CAS fails. If it was faster, the owner's CAS
     *            fails, and real tells whether the thief got the entry: then tail goes back up.
     *
     * ABA: real is 32 bits wide and wraps, so a head repeats only after 2^32 pops, or 2^23 unpushes without a single pop
     * or steal, inside one CAS window.
     *
     * Slot contents are published by tail (release) -> thief's tail (acquire); slots are reused only after the thief's
     * CAS on head (full fence) is seen by the owner's acquire read of head.
     *
     * That does not cover peek. It reads slots that it has not claimed, so between its reads of the indices and of the
     * slot the owner may have reused the slot: what it finds there was published by a tail it has not read. So each
     * store to a slot is a release of its own, which peek's acquire read of the slot pairs with. Else a listing could
     * see a task before its fields, and give it an id that its spawner then overwrites.
     *
     * moveHalf claims the whole ring, so until it has published everything again the nodes are nowhere but in its hand.
     * A task may push on the last words of its stack. A StackOverflowError comes at a call; between the claim and the
     * end there is one, which appends the newer half to the injection queue as a whole or not at all. If not at all, the
     * finally block, which calls nothing, puts all of it back.
     */

    private static final VarHandle HEAD;
    private static final VarHandle TAIL;
    private static final VarHandle SLOTS = MethodHandles.arrayElementVarHandle(QueueNode[].class);

    static {
        try {
            var lookup = MethodHandles.lookup();
            HEAD = lookup.findVarHandle(LocalQueue.class, "head", long.class);
            TAIL = lookup.findVarHandle(LocalQueue.class, "tail", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Slots of a worker's ring. */
    public static final int DEFAULT_CAPACITY = 256;

    private final @Nullable QueueNode[] slots;
    private final int mask;

    @SuppressWarnings("unused") // accessed through HEAD
    private volatile long head;

    // written by the owner only
    @SuppressWarnings("unused") // accessed through TAIL
    private volatile int tail;

    public LocalQueue() {
        this(DEFAULT_CAPACITY);
    }

    /** For model checking, which needs a small ring. */
    public LocalQueue(int capacity) {
        if (Integer.bitCount(capacity) != 1 || capacity > DEFAULT_CAPACITY) {
            throw new IllegalArgumentException(
                    "capacity " + capacity + " is not a power of two up to " + DEFAULT_CAPACITY);
        }
        slots = new QueueNode[capacity];
        mask = capacity - 1;
    }

    private static final int STEALING_SHIFT = 32;
    private static final long STEALING_ONE = 1L << STEALING_SHIFT;
    private static final long STEALING_MASK = 0x1FFL << STEALING_SHIFT;
    private static final long TAKEN_BACK_ONE = 1L << 41;

    private static int real(long head) {
        return (int) head;
    }

    /** How many slots behind {@code real} a thief is copying. */
    private static int stealing(long head) {
        return (int) (head >>> STEALING_SHIFT) & 0x1FF;
    }

    private static boolean isStealing(long head) {
        return (head & STEALING_MASK) != 0;
    }

    private static long withReal(long head, int real) {
        return (head & 0xFFFF_FFFF_0000_0000L) | (real & 0xFFFF_FFFFL);
    }

    /** Appends a node; false when the ring is full. Owner only. */
    public boolean push(QueueNode node) {
        long h = (long) HEAD.getAcquire(this); // pairs with the thief's CAS that gives slots back
        int t = (int) TAIL.get(this);
        if (t - real(h) + stealing(h) >= slots.length) {
            return false;
        }
        SLOTS.setRelease(slots, t & mask, node); // pairs with getAcquire in peek
        TAIL.setRelease(this, t + 1); // pairs with getAcquire in stealInto
        return true;
    }

    /** Takes the oldest node. Owner only. */
    public @Nullable QueueNode pop() {
        long h = (long) HEAD.getAcquire(this);
        for (;;) {
            int real = real(h);
            if (real == (int) TAIL.get(this)) {
                return null;
            }
            // The slot is read before the CAS: afterwards only the owner could overwrite it, and that is this thread.
            QueueNode node = (QueueNode) SLOTS.get(slots, real & mask);
            long next = withReal(isStealing(h) ? h + STEALING_ONE : h, real + 1);
            long seen = (long) HEAD.compareAndExchange(this, h, next);
            if (seen == h) {
                SLOTS.setOpaque(slots, real & mask, null); // a dead slot must not keep a finished task alive
                return node;
            }
            h = seen;
        }
    }

    /** Takes back a node if it is the one that was pushed last and nobody has taken it. Owner only. */
    public boolean unpush(QueueNode node) {
        int t = (int) TAIL.get(this);
        int newest = t - 1;
        long h = (long) HEAD.getAcquire(this);
        if (real(h) == t || SLOTS.get(slots, newest & mask) != node) {
            return false;
        }
        TAIL.setRelease(this, newest);
        try {
            while (real(h) != t) {
                long seen = (long) HEAD.compareAndExchange(this, h, h + TAKEN_BACK_ONE);
                if (seen == h) {
                    SLOTS.setOpaque(slots, newest & mask, null);
                    return true;
                }
                h = seen;
            }
        } catch (StackOverflowError e) {
            TAIL.setRelease(this, t); // as deep a call as the one that lowered it
            throw e;
        }
        TAIL.setRelease(this, t); // a thief was faster
        return false;
    }

    /**
     * Takes up to half of this ring's nodes and appends them to {@code target}, of which the caller is the owner.
     *
     * @return the newest of the stolen nodes, which is for the caller to run and is not in {@code target}; null when
     *     there was nothing to steal, when another thief is at work, or when the target has too little room
     */
    public @Nullable QueueNode stealInto(LocalQueue target) {
        int targetTail = (int) TAIL.get(target);
        long targetHead = (long) HEAD.getAcquire(target);
        int room = target.slots.length - (targetTail - real(targetHead) + stealing(targetHead));
        if (room < target.slots.length / 2) {
            return null;
        }
        int from;
        int count;
        long h = (long) HEAD.getAcquire(this);
        for (;;) {
            from = real(h);
            int available = (int) TAIL.getAcquire(this) - from; // pairs with setRelease in push
            if (isStealing(h) || available <= 0) {
                return null;
            }
            count = Math.min(available - available / 2, room);
            long claim = withReal(h + count * STEALING_ONE, from + count);
            long seen = (long) HEAD.compareAndExchange(this, h, claim); // claims [from, from + count)
            if (seen == h) {
                break;
            }
            h = seen;
        }
        for (int i = 0; i < count - 1; i++) {
            SLOTS.setRelease(target.slots, (targetTail + i) & target.mask, takeSlot(from + i)); // as in push
        }
        QueueNode last = takeSlot(from + count - 1);
        giveBack();
        if (count > 1) {
            TAIL.setRelease(target, targetTail + count - 1);
        }
        return last;
    }

    private QueueNode takeSlot(int index) {
        QueueNode node = (QueueNode) SLOTS.get(slots, index & mask);
        SLOTS.setOpaque(slots, index & mask, null);
        assert node != null;
        return node;
    }

    /** Ends a claim: the slots up to {@code real} may be reused. */
    private void giveBack() {
        long h = (long) HEAD.getAcquire(this);
        for (;;) {
            long seen = (long) HEAD.compareAndExchange(this, h, h & ~STEALING_MASK);
            if (seen == h) {
                return;
            }
            h = seen;
        }
    }

    /**
     * Moves the newer half of a full ring to the injection queue, in order, when no thief is at work. Owner only.
     *
     * <p>The newer half goes because nodes that were just fetched from the injection queue stand in the older one and
     * must not bounce back unrun.
     *
     * @return how many nodes were moved; 0 when a thief is making room anyway
     */
    @SuppressWarnings("NullAway") // the slots between head and tail are filled, and a check by a call is ruled out
    public int moveHalf(InjectionQueue overflow) {
        long h = (long) HEAD.getAcquire(this);
        int from = real(h);
        int t = (int) TAIL.get(this);
        int all = t - from;
        int half = all / 2;
        int keep = all - half;
        QueueNode[] nodes = new QueueNode[all]; // before the claim, which must not be left half done
        VarHandle.releaseFence(); // makes the stores to the slots below releases, as in push
        // Claim everything: the owner is then alone with the ring until it publishes the older half again.
        if (half == 0 || isStealing(h) || !HEAD.compareAndSet(this, h, withReal(h, t))) {
            return 0;
        }
        // From here on nothing is called but pushChain, see above.
        for (int i = 0; i < all; i++) {
            int at = (from + i) & mask;
            nodes[i] = slots[at];
            slots[at] = null;
        }
        for (int i = keep; i < all; i++) {
            nodes[i].next = i + 1 < all ? nodes[i + 1] : null;
        }
        int left = all;
        try {
            overflow.pushChain(nodes[keep], nodes[all - 1]);
            left = keep;
        } finally {
            for (int i = 0; i < left; i++) {
                nodes[i].next = null;
                slots[(t + i) & mask] = nodes[i];
            }
            tail = t + left;
        }
        return half;
    }

    /** Returns how many nodes may be taken. Exact for the owner, an estimate for others. */
    public int size() {
        int t = (int) TAIL.getAcquire(this);
        return Math.max(0, t - real((long) HEAD.getAcquire(this)));
    }

    /** Returns how many nodes can be pushed at least. Owner only. */
    public int room() {
        long h = (long) HEAD.getAcquire(this);
        return slots.length - ((int) TAIL.get(this) - real(h) + stealing(h));
    }

    /** Returns whether there is nothing to take. */
    public boolean isEmpty() {
        return size() == 0;
    }

    /** Returns the node that would be taken next, racily: to be compared, not to be used. Any thread. */
    public @Nullable QueueNode peekOldest() {
        int real = real((long) HEAD.getAcquire(this));
        return real == (int) TAIL.getAcquire(this) ? null : (QueueNode) SLOTS.getOpaque(slots, real & mask);
    }

    /** Shows the queued nodes racily, oldest first: a snapshot for listings, not for decisions. Any thread. */
    public void peek(Consumer<QueueNode> each) {
        int t = (int) TAIL.getAcquire(this);
        for (int i = real((long) HEAD.getAcquire(this)); t - i > 0; i++) {
            QueueNode node = (QueueNode) SLOTS.getAcquire(slots, i & mask); // see above
            if (node != null) {
                each.accept(node);
            }
        }
    }
}
