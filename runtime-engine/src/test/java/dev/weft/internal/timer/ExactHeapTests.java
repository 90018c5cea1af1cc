/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.timer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExactHeapTests {

    @Test
    void isEmptyAtFirst() {
        assertThatObject(new ExactHeap(8).peek()).isNull();
    }

    @Test
    void givesOutTheEarliestDeadlineFirstAlsoWhereNanosWrap() {
        var heap = new ExactHeap(100);
        var entries = entriesAround(Long.MAX_VALUE, 100, new Random(1));
        entries.forEach(heap::tryAdd);
        var start = Long.MAX_VALUE - 1_000;
        assertThat(pollAll(heap)).isSortedAccordingTo(Comparator.comparingLong(entry -> entry.deadline - start));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void removesAnyEntryAndKeepsTheOrder(long seed) {
        var random = new Random(seed);
        var heap = new ExactHeap(1_000);
        var entries = entriesAround(0, 500, random);
        entries.forEach(heap::tryAdd);
        Collections.shuffle(entries, random);
        var removed = entries.subList(0, 250);
        removed.forEach(heap::remove);
        var left = pollAll(heap);
        assertThat(removed).allMatch(entry -> entry.place == TimerEntry.UNFILED);
        assertThat(left).isSortedAccordingTo(Comparator.comparingLong(entry -> entry.deadline));
        assertThat(left).containsExactlyInAnyOrderElementsOf(entries.subList(250, 500));
    }

    @Test
    void refusesBeyondItsLimit() {
        var heap = new ExactHeap(20);
        for (int i = 0; i < 20; i++) {
            assertThat(heap.tryAdd(new RecordingEntry(i))).isTrue();
        }
        var refused = new RecordingEntry(-1);
        assertThat(heap.tryAdd(refused)).isFalse();
        assertThat(refused.place).isEqualTo(TimerEntry.UNFILED);
        pollOne(heap);
        assertThat(heap.tryAdd(refused)).isTrue();
        assertThatObject(heap.peek()).isSameAs(refused);
    }

    @Test
    void placesAreNotSlotsOfTheWheel() {
        var heap = new ExactHeap(4);
        var entry = new RecordingEntry(1);
        heap.tryAdd(entry);
        assertThat(entry.place).isGreaterThanOrEqualTo(TimerWheel.SLOTS);
    }

    private static List<TimerEntry> entriesAround(long nanos, int count, Random random) {
        var entries = new ArrayList<TimerEntry>();
        for (int i = 0; i < count; i++) {
            entries.add(new RecordingEntry(nanos + random.nextInt(-1_000, 1_000)));
        }
        return entries;
    }

    private static List<TimerEntry> pollAll(ExactHeap heap) {
        var entries = new ArrayList<TimerEntry>();
        while (heap.peek() != null) {
            entries.add(pollOne(heap));
        }
        return entries;
    }

    private static TimerEntry pollOne(ExactHeap heap) {
        var entry = heap.peek();
        heap.remove(entry);
        return entry;
    }
}
