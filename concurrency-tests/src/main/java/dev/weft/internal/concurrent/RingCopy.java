/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.concurrent;

import java.util.concurrent.atomic.AtomicLong;

/** A copy of a {@link LocalQueue} of two slots that holds numbers, to be broken in one place. */
class RingCopy {

    private static final int CAPACITY = 2;

    final AtomicLong head = new AtomicLong();
    private final int[] slots = new int[CAPACITY];
    private volatile int tail;

    boolean claim(long before, long after) {
        return head.compareAndSet(before, after);
    }

    /** From where the slots may not be reused while a thief takes out what it has claimed. */
    int stealing(int from, int end) {
        return from;
    }

    final boolean push(int number) {
        int t = tail;
        if (t - steal(head.get()) >= CAPACITY) {
            return false;
        }
        slots[t % CAPACITY] = number;
        tail = t + 1;
        return true;
    }

    /** 0 when there is none. */
    final int pop() {
        for (;;) {
            long h = head.get();
            int real = real(h);
            if (real == tail) {
                return 0;
            }
            int number = slots[real % CAPACITY];
            if (head.compareAndSet(h, pack(steal(h) == real ? real + 1 : steal(h), real + 1))) {
                return number;
            }
        }
    }

    /** 0 when there is none, or another thief is at work. */
    final int stealOne() {
        long h = head.get();
        int from = real(h);
        if (steal(h) != from || tail == from) {
            return 0;
        }
        if (!claim(h, pack(stealing(from, from + 1), from + 1))) {
            return 0;
        }
        int number = slots[from % CAPACITY];
        head.updateAndGet(now -> pack(real(now), real(now)));
        return number;
    }

    private static int steal(long head) {
        return (int) (head >>> 32);
    }

    private static int real(long head) {
        return (int) head;
    }

    private static long pack(int steal, int real) {
        return ((long) steal << 32) | real;
    }
}
