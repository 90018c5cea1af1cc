/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.concurrency;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuarantee;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt;

/**
 * The numbers that one taker got from a queue, in this order.
 *
 * <p>Written by one thread at a time. With {@link #UNSEEN} Lincheck neither looks into it nor switches threads in it, so
 * that the effort goes to the queue.
 */
public final class Notes {

    /** For the options of a test that takes notes. */
    public static final ManagedStrategyGuarantee UNSEEN = ManagedStrategyGuaranteeKt.forClasses(Notes.class.getName())
            .allMethods().ignore();

    private final List<Integer> numbers = new ArrayList<>();

    /** Writes a number down. */
    public void add(int number) {
        numbers.add(number);
    }

    /** Takes the last number back. */
    public int removeLast() {
        return numbers.removeLast();
    }

    /** Takes the first number back. */
    public int removeFirst() {
        return numbers.removeFirst();
    }

    /** Returns how many numbers there are. */
    public int size() {
        return numbers.size();
    }

    /** Throws unless each taker's numbers ascend. */
    public static void checkAscending(Notes... takers) {
        for (Notes taker : takers) {
            if (!taker.numbers.equals(taker.numbers.stream().sorted().toList())) {
                throw new IllegalStateException("not in order: " + taker);
            }
        }
    }

    /** Throws unless each of the numbers from 1 to {@code last} was taken by one of the takers, and once. */
    public static void checkBalance(int last, Notes... takers) {
        List<Integer> all = Arrays.stream(takers).flatMap(taker -> taker.numbers.stream()).sorted().toList();
        if (!all.equals(IntStream.rangeClosed(1, last).boxed().toList())) {
            throw new IllegalStateException("not each of 1 to " + last + " once: " + Arrays.toString(takers));
        }
    }

    /** Throws if a number is noted twice. */
    public static void checkDistinct(String otherwise, Notes... takers) {
        List<Integer> all = Arrays.stream(takers).flatMap(taker -> taker.numbers.stream()).toList();
        if (all.stream().distinct().count() != all.size()) {
            throw new IllegalStateException(otherwise + ": " + Arrays.toString(takers));
        }
    }

    @Override
    public String toString() {
        return numbers.toString();
    }
}
