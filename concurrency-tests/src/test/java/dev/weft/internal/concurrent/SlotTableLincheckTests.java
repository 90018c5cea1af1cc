/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.concurrent;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.concurrency.Notes;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Elements come and go on freed slots. */
@Timeout(300)
class SlotTableLincheckTests {

    @Test
    void noTwoElementsShareASlotAndAWalkSeesThemAll() {
        modelChecking().check(Table.class);
    }

    @Test
    void brokenTwinGivesAnIndexOutTwice() {
        assertThatThrownBy(() -> modelChecking().minimizeFailedScenario(false).check(UntaggedFreeList.class))
                .isInstanceOf(LincheckAssertionError.class)
                .hasMessageContaining("given out twice");
    }

    /** The fault needs one pop that is overtaken by two pops and a push. */
    private static ModelCheckingOptions modelChecking() {
        return new ModelCheckingOptions()
                .threads(2)
                .actorsBefore(0)
                .actorsPerThread(3)
                .actorsAfter(0)
                .iterations(20)
                .invocationsPerIteration(400)
                .addGuarantee(Notes.UNSEEN);
    }

    /** Two threads, each with elements of its own, on three freed slots. */
    public static class Table {

        private final SlotTable<Integer> table = new SlotTable<>();
        private final Holder first = new Holder();
        private final Holder second = new Holder();

        public Table() {
            int[] freed = {table.add(-1), table.add(-2), table.add(-3)};
            for (int index : freed) {
                table.remove(index);
            }
        }

        /** What one thread has in the table. */
        private final class Holder {
            private final Notes indices = new Notes();

            void add() {
                int index = table.add(100 * indices.size() + (this == first ? 1 : 2));
                indices.add(index);
            }

            void remove() {
                if (indices.size() != 0) {
                    table.remove(indices.removeFirst());
                }
            }
        }

        @Operation(nonParallelGroup = "first")
        public void add() {
            first.add();
        }

        @Operation(nonParallelGroup = "first")
        public void remove() {
            first.remove();
        }

        @Operation(nonParallelGroup = "second")
        public void addToo() {
            second.add();
        }

        @Operation(nonParallelGroup = "second")
        public void addTwoAndRemoveOne() {
            second.add();
            second.add();
            second.remove();
        }

        @Validate
        public void indicesAreDistinctAndTheWalkSeesEachElement() {
            Notes.checkDistinct("given out twice", first.indices, second.indices);
            int[] seen = {0};
            table.forEach(element -> seen[0]++);
            if (seen[0] != first.indices.size() + second.indices.size()) {
                throw new IllegalStateException("the walk saw " + seen[0]);
            }
        }
    }

    /** A free list whose head carries no tag. */
    public static class UntaggedFreeList {

        private static final int END = -1;

        private final AtomicIntegerArray next = new AtomicIntegerArray(new int[] {1, 2, END});
        private final AtomicInteger head = new AtomicInteger();
        private final Notes first = new Notes();
        private final Notes second = new Notes();

        private void pop(Notes indices) {
            for (;;) {
                int index = head.get();
                if (index == END) {
                    return;
                }
                int following = next.get(index);
                if (head.compareAndSet(index, following)) { // the fault: the index may have gone and come back
                    indices.add(index);
                    return;
                }
            }
        }

        private void push(int index) {
            int before;
            do {
                before = head.get();
                next.set(index, before);
            } while (!head.compareAndSet(before, index));
        }

        @Operation(nonParallelGroup = "first")
        public void add() {
            pop(first);
        }

        @Operation(nonParallelGroup = "second")
        public void addTwoAndRemoveOne() {
            pop(second);
            pop(second);
            if (second.size() != 0) {
                push(second.removeFirst());
            }
        }

        @Validate
        public void indicesAreDistinct() {
            Notes.checkDistinct("given out twice", first, second);
        }
    }
}
