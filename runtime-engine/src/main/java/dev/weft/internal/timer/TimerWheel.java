/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.timer;

import org.jspecify.annotations.Nullable;

/**
 * A hierarchical timing wheel: constant-time insert and removal, millisecond resolution, any distance.
 *
 * <p>Not thread-safe: for the owner of a driver. Entries of one tick leave in the order in which they came.
 */
final class TimerWheel {

    /*
     * Varghese and Lauck, "Hashed and Hierarchical Timing Wheels" (1987), scheme 6, in the form that Tokio gave it.
     *
     *   level   slot spans   level spans
     *     0        1 ms         64 ms
     *     1       64 ms       4.096 s
     *     2     4.096 s      4.37 min
     *     3    4.37 min      4.66 h
     *     4     4.66 h       12.4 days
     *     5    12.4 days      2.2 years      beyond: re-filed in level 5, once per rotation
     *
     * Time is counted in ticks of 1 ms since the origin. A deadline is rounded up to a tick and the reading of the clock
     * is rounded down, so nothing is ever early. "position" is the last tick that the wheel has reached; it never goes
     * back.
     *
     * An entry of tick t sits in the level of the highest 6-bit digit in which t and position differ, in the slot that
     * this digit of t names. Therefore, in every level below the top:
     *
     *   - all entries share the digits above with position, so all occupied slots are ahead of the current one
     *     (in level 0: are it, or ahead of it), and no level wraps;
     *   - every entry of a level is due before every entry of the levels above: the lowest level that holds anything
     *     knows the next expiry;
     *   - position may move up to, but not into, the next expiry without any entry changing its place.
     *
     * Level 5 wraps: an entry 2.2 years or more ahead, or beyond the end of the current rotation, may sit in a slot
     * behind the current one, or in the current one. A slot of level 5 thus expires when position next *enters* it.
     *
     * When position enters a slot of an upper level, its entries are detached and filed anew, and land lower (or, from
     * beyond 2.2 years, in the same slot again). Each entry moves at most five times plus once per rotation.
     *
     * One bitmap per level tells which slots are occupied, so finding the next expiry looks at six words at most.
     *
     * A slot is a circular doubly linked list through the entries themselves; slots[i] is its first. The links of
     * entries filed twice in one pass cannot be confused, as a cascade reads the successor before it moves an entry.
     *
     * A task may register on the last words of its stack. A StackOverflowError comes at a call, so append, vacate and the
     * unlinking in remove call nothing, and whatever calls one of them changes other fields only afterwards.
     *
     * The arithmetic cannot overflow: the driver clamps deadlines to 146 years from "now", and "now" stays within
     * 146 years of the origin.
     */

    static final long TICK_NANOS = 1_000_000;
    static final int LEVELS = 6;
    static final int SLOTS = LEVELS * 64;

    /** No entry, no expiry. */
    static final long NEVER = Long.MAX_VALUE;

    private static final int DIGIT_BITS = 6;
    private static final int DIGIT_MASK = 63;
    private static final int TOP = LEVELS - 1;

    private final long originNanos;
    private final @Nullable TimerEntry[] slots = new TimerEntry[SLOTS];
    private final long[] occupied = new long[LEVELS];
    private long position;

    TimerWheel(long originNanos) {
        this.originNanos = originNanos;
    }

    /** The first tick at which the deadline has passed. */
    long tickAtOrAfter(long deadlineNanos) {
        return Math.ceilDiv(deadlineNanos - originNanos, TICK_NANOS);
    }

    /** The last tick that has begun. */
    long tickAt(long nowNanos) {
        return Math.floorDiv(nowNanos - originNanos, TICK_NANOS);
    }

    long nanosAt(long tick) {
        return originNanos + tick * TICK_NANOS;
    }

    long position() {
        return position;
    }

    /** Files an unfiled entry under a tick that is not before {@link #position()}. */
    void add(TimerEntry entry, long tick) {
        int level = levelOf(tick);
        int slot = (int) (tick >>> (level * DIGIT_BITS)) & DIGIT_MASK;
        append(level * 64 + slot, entry);
        occupied[level] |= 1L << slot;
    }

    /** Removes an entry that is in this wheel. */
    void remove(TimerEntry entry) {
        int place = entry.place;
        var next = entry.next;
        if (next == entry) {
            vacate(place);
        } else {
            entry.previous.next = next;
            next.previous = entry.previous;
            if (slots[place] == entry) {
                slots[place] = next;
            }
            entry.next = entry;
            entry.previous = entry;
        }
        entry.place = TimerEntry.UNFILED;
    }

    /** The next tick at which a slot expires, possibly {@link #position()} itself, or {@link #NEVER}. */
    long nextExpiry() {
        for (int level = 0; level < LEVELS; level++) {
            if (occupied[level] != 0) {
                return expiryOf(level);
            }
        }
        return NEVER;
    }

    /**
     * Moves to the next expiry. The lowest level gives out one entry; an upper level is re-filed and gives none.
     *
     * @param expiry what {@link #nextExpiry()} returned
     */
    @Nullable TimerEntry expire(long expiry) {
        int level = lowestOccupied();
        position = expiry;
        int place = level * 64 + ((int) (expiry >>> (level * DIGIT_BITS)) & DIGIT_MASK);
        if (level > 0) {
            cascade(place);
            return null;
        }
        var first = first(place);
        remove(first);
        return first;
    }

    /** Moves to the given tick if no slot expires up to it; otherwise, and backwards, does nothing. */
    void catchUp(long tick) {
        if (tick > position && nextExpiry() > tick) {
            position = tick;
        }
    }

    /** Removes any one entry, or returns null when there is none. */
    @Nullable TimerEntry pollAny() {
        int level = lowestOccupied();
        if (level == LEVELS) {
            return null;
        }
        var first = first(level * 64 + Long.numberOfTrailingZeros(occupied[level]));
        remove(first);
        return first;
    }

    private int levelOf(long tick) {
        long differing = (tick ^ position) | DIGIT_MASK;
        return Math.min(TOP, (63 - Long.numberOfLeadingZeros(differing)) / DIGIT_BITS);
    }

    private int lowestOccupied() {
        int level = 0;
        while (level < LEVELS && occupied[level] == 0) {
            level++;
        }
        return level;
    }

    /** When the next occupied slot of the level begins: from the current slot on in level 0, after it elsewhere. */
    private long expiryOf(int level) {
        int shift = level * DIGIT_BITS;
        long from = (position >>> shift) + (level == 0 ? 0 : 1);
        int ahead = Long.numberOfTrailingZeros(Long.rotateRight(occupied[level], (int) from));
        return (from + ahead) << shift;
    }

    private void cascade(int place) {
        var first = first(place);
        vacate(place);
        var entry = first;
        do {
            var successor = entry.next;
            add(entry, Math.max(position, tickAtOrAfter(entry.deadline)));
            entry = successor;
        } while (entry != first);
    }

    private void append(int place, TimerEntry entry) {
        var first = slots[place];
        if (first == null) {
            slots[place] = entry;
            entry.next = entry;
            entry.previous = entry;
        } else {
            var last = first.previous;
            last.next = entry;
            entry.previous = last;
            entry.next = first;
            first.previous = entry;
        }
        entry.place = place;
    }

    @SuppressWarnings("NullAway") // every slot marked as occupied has a first entry
    private TimerEntry first(int place) {
        return slots[place];
    }

    private void vacate(int place) {
        slots[place] = null;
        occupied[place >>> DIGIT_BITS] &= ~(1L << place);
    }
}
