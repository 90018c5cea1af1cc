/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.concurrent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A push that comes on the last words of a stack. */
@Timeout(60)
class LocalQueueStackTests {

    private static final class Numbered extends QueueNode {
        final int number;

        Numbered(int number) {
            this.number = number;
        }
    }

    private final LocalQueue queue = new LocalQueue();
    private final InjectionQueue overflow = new InjectionQueue();
    private int pushed;
    private int sink;

    private void fill() {
        while (queue.push(new Numbered(pushed))) {
            pushed++;
        }
    }

    private List<Integer> moved() {
        List<Integer> numbers = new ArrayList<>();
        for (QueueNode node; (node = overflow.pop()) != null;) {
            numbers.add(((Numbered) node).number);
        }
        return numbers;
    }

    private List<Integer> left() {
        List<Integer> numbers = new ArrayList<>();
        for (QueueNode node; (node = queue.pop()) != null;) {
            numbers.add(((Numbered) node).number);
        }
        return numbers;
    }

    /** Moves half again and again while the stack grows, until it ends, at each possible place. */
    private void dive() {
        queue.moveHalf(overflow);
        fill();
        dive();
        sink++;
    }

    private void diveFrom(int depth) {
        if (depth == 0) {
            dive();
        } else {
            diveFrom(depth - 1);
            sink++;
        }
    }

    @Test
    void nothingIsLostOrDoubledWhenTheStackEndsInAMove() throws Exception {
        for (int round = 0; round < 200; round++) {
            pushed = 0;
            int depth = round % 47;
            Thread diver = new Thread(null, () -> {
                try {
                    diveFrom(depth);
                } catch (StackOverflowError expected) {
                    sink++;
                }
            }, "diver", 160 * 1024);
            diver.start();
            diver.join();
            BitSet seen = new BitSet();
            List<Integer> all = moved();
            all.addAll(left());
            all.forEach(seen::set);
            assertThat(seen.cardinality()).as("round " + round).isEqualTo(all.size());
            // The push in which the stack ended may have taken effect, or not.
            assertThat(seen.nextClearBit(0)).as("round " + round).isBetween(pushed, pushed + 1);
            assertThat(seen.length()).isEqualTo(seen.nextClearBit(0));
            assertThat(overflow.isEmpty()).isTrue();
        }
    }
}
