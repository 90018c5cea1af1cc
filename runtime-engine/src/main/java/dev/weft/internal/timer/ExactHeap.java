/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.timer;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The entries that are due within a few milliseconds, ordered by their exact deadline.
 *
 * <p>Not thread-safe: for the owner of a driver. Bounded; a full heap refuses, and the entry goes to the wheel instead,
 * a tick less exact.
 */
final class ExactHeap {

    /*
     * A binary heap in an array. Each entry knows its index (in TimerEntry.place, shifted by FIRST_PLACE so that it
     * cannot be taken for a slot of the wheel), so removal needs no search. Deadlines are compared by difference, which
     * orders them because the driver clamps them to 2^62 ns around the time at which it files them.
     *
     * The array doubles up to the limit. That is the only allocation in this package after construction; should the
     * machine be out of memory just then, the heap refuses as if it were full.
     *
     * A task may register on the last words of its stack. A StackOverflowError comes at a call, so what moves entries
     * (siftUp, siftDown) calls nothing, and the calls are made before anything else has changed.
     */

    /** Places from here on belong to the heap. */
    static final int FIRST_PLACE = TimerWheel.SLOTS;

    private static final int INITIAL_CAPACITY = 16;

    private final int limit;
    private @Nullable TimerEntry[] entries;
    private int size;

    ExactHeap(int limit) {
        this.limit = limit;
        this.entries = new TimerEntry[Math.min(limit, INITIAL_CAPACITY)];
    }

    /** Adds an unfiled entry, unless the heap is full. */
    boolean tryAdd(TimerEntry entry) {
        if (size == entries.length && !tryGrow()) {
            return false;
        }
        siftUp(size, entry);
        size++;
        return true;
    }

    @Nullable TimerEntry peek() {
        return entries[0];
    }

    /** Removes an entry that is in this heap. */
    void remove(TimerEntry entry) {
        int hole = entry.place - FIRST_PLACE;
        int last = size - 1;
        if (hole != last) {
            refill(hole, at(last), last);
        }
        entries[last] = null;
        size = last;
        entry.place = TimerEntry.UNFILED;
    }

    private void refill(int hole, TimerEntry entry, int end) {
        if (hole > 0 && precedes(entry, at((hole - 1) >>> 1))) {
            siftUp(hole, entry);
        } else {
            siftDown(hole, entry, end);
        }
    }

    private boolean tryGrow() {
        if (size >= limit) {
            return false;
        }
        try {
            entries = Arrays.copyOf(entries, Math.min(limit, size * 2));
            return true;
        } catch (OutOfMemoryError e) {
            return false;
        }
    }

    @SuppressWarnings("NullAway") // every index below size holds an entry
    private void siftUp(int hole, TimerEntry entry) {
        while (hole > 0) {
            int above = (hole - 1) >>> 1;
            var parent = entries[above];
            if (entry.deadline - parent.deadline >= 0) {
                break;
            }
            entries[hole] = parent;
            parent.place = FIRST_PLACE + hole;
            hole = above;
        }
        entries[hole] = entry;
        entry.place = FIRST_PLACE + hole;
    }

    @SuppressWarnings("NullAway") // as above
    private void siftDown(int hole, TimerEntry entry, int end) {
        for (int below = 2 * hole + 1; below < end; below = 2 * hole + 1) {
            var child = entries[below];
            if (below + 1 < end && entries[below + 1].deadline - child.deadline < 0) {
                child = entries[++below];
            }
            if (child.deadline - entry.deadline >= 0) {
                break;
            }
            entries[hole] = child;
            child.place = FIRST_PLACE + hole;
            hole = below;
        }
        entries[hole] = entry;
        entry.place = FIRST_PLACE + hole;
    }

    @SuppressWarnings("NullAway") // as above
    private TimerEntry at(int index) {
        return entries[index];
    }

    private static boolean precedes(TimerEntry a, TimerEntry b) {
        return a.deadline - b.deadline < 0;
    }
}
