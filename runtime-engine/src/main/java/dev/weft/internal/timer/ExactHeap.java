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
        siftUp(size++, entry);
        return true;
    }

    @Nullable TimerEntry peek() {
        return entries[0];
    }

    /** Removes an entry that is in this heap. */
    void remove(TimerEntry entry) {
        int hole = entry.place - FIRST_PLACE;
        var last = at(--size);
        entries[size] = null;
        entry.place = TimerEntry.UNFILED;
        if (last == entry) {
            return;
        }
        if (hole > 0 && precedes(last, at((hole - 1) >>> 1))) {
            siftUp(hole, last);
        } else {
            siftDown(hole, last);
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

    private void siftUp(int hole, TimerEntry entry) {
        while (hole > 0) {
            int parent = (hole - 1) >>> 1;
            if (!precedes(entry, at(parent))) {
                break;
            }
            put(hole, at(parent));
            hole = parent;
        }
        put(hole, entry);
    }

    private void siftDown(int hole, TimerEntry entry) {
        int child;
        while ((child = earlierChild(hole)) < size && precedes(at(child), entry)) {
            put(hole, at(child));
            hole = child;
        }
        put(hole, entry);
    }

    /** Returns the index of the earlier child, or one that is not below the size when there is none. */
    private int earlierChild(int parent) {
        int left = 2 * parent + 1;
        int right = left + 1;
        return right < size && precedes(at(right), at(left)) ? right : left;
    }

    private void put(int index, TimerEntry entry) {
        entries[index] = entry;
        entry.place = FIRST_PLACE + index;
    }

    @SuppressWarnings("NullAway") // every index below size holds an entry
    private TimerEntry at(int index) {
        return entries[index];
    }

    private static boolean precedes(TimerEntry a, TimerEntry b) {
        return a.deadline - b.deadline < 0;
    }
}
