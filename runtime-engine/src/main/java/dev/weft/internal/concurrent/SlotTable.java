/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.concurrent;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A set that is added to and removed from in constant time without a lock, and that anybody may walk.
 *
 * <p>A walk sees every element that was present during the whole of it, and perhaps some that came or went.
 *
 * @param <E> the elements
 */
public final class SlotTable<E> {

    /*
     * Chunks of slots that never move, found through a directory that only grows. Free indices form a Treiber stack
     * whose links are stored beside the slots; its head carries a 32-bit tag that changes with every pop, so a pop
     * that was overtaken cannot succeed on a recycled index (ABA).
     *
     * freeHead : | tag : 32 | index + 1 : 32 |     0 in the low half means empty
     */

    private static final int CHUNK_BITS = 8;
    private static final int CHUNK = 1 << CHUNK_BITS;
    private static final int DIRECTORY = 1 << 16;

    private static final class Chunk {
        final AtomicReferenceArray<@Nullable Object> slots = new AtomicReferenceArray<>(CHUNK);
        final AtomicIntegerArray nextFree = new AtomicIntegerArray(CHUNK);
    }

    private final AtomicReferenceArray<@Nullable Chunk> chunks = new AtomicReferenceArray<>(DIRECTORY);
    private final AtomicLong freeHead = new AtomicLong();
    private final AtomicLong used = new AtomicLong();

    /** Adds an element and returns the index to remove it with. */
    public int add(E element) {
        int index = popFree();
        if (index < 0) {
            index = (int) used.getAndIncrement();
            if (index >= DIRECTORY * CHUNK) {
                throw new IllegalStateException("more than " + DIRECTORY * CHUNK + " live threads in one runtime");
            }
        }
        chunk(index).slots.setRelease(index & (CHUNK - 1), element);
        return index;
    }

    /** Removes the element at an index that {@link #add} returned; once only. */
    public void remove(int index) {
        Chunk chunk = chunk(index);
        chunk.slots.setRelease(index & (CHUNK - 1), null);
        for (;;) {
            long head = freeHead.get();
            chunk.nextFree.setRelease(index & (CHUNK - 1), (int) head);
            if (freeHead.compareAndSet(head, (head & 0xFFFF_FFFF_0000_0000L) | (index + 1))) {
                return;
            }
        }
    }

    private int popFree() {
        for (;;) {
            long head = freeHead.get();
            int index = (int) head - 1;
            if (index < 0) {
                return -1;
            }
            int next = chunk(index).nextFree.getAcquire(index & (CHUNK - 1));
            long tag = (head >>> 32) + 1;
            if (freeHead.compareAndSet(head, (tag << 32) | (next & 0xFFFF_FFFFL))) {
                return index;
            }
        }
    }

    private Chunk chunk(int index) {
        int at = index >>> CHUNK_BITS;
        Chunk chunk = chunks.getAcquire(at);
        if (chunk == null) {
            Chunk made = new Chunk();
            Chunk seen = chunks.compareAndExchange(at, null, made);
            chunk = seen == null ? made : seen;
        }
        return chunk;
    }

    /** Shows every element. */
    @SuppressWarnings("unchecked")
    public void forEach(Consumer<? super E> each) {
        long top = Math.min(used.get(), (long) DIRECTORY * CHUNK);
        for (int at = 0; (long) at << CHUNK_BITS < top; at++) {
            Chunk chunk = chunks.getAcquire(at);
            if (chunk == null) {
                continue;
            }
            for (int i = 0; i < CHUNK; i++) {
                Object element = chunk.slots.getAcquire(i);
                if (element != null) {
                    each.accept((E) element);
                }
            }
        }
    }
}
