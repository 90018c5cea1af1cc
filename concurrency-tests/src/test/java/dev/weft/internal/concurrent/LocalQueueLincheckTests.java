/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.concurrent;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.concurrency.Notes;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * One owner pushes, pops, takes back what it pushed last and lets go of half, while thieves steal; on rings of two and
 * four slots, across the wrap.
 */
@Timeout(300)
class LocalQueueLincheckTests {

    @Test
    void pushPopUnpushAndStealAreLinearizable() {
        modelChecking(2).check(TwoSlots.class);
    }

    @Test
    void nothingIsLostDoubledOrReordered() {
        modelChecking(3).check(FourSlots.class);
    }

    @Test
    void indicesWrapAround() {
        modelChecking(3).check(Wrapping.class);
    }

    @Test
    void brokenTwinReusesSlotsThatAThiefStillReads() {
        assertFound(ReusingEarly.class);
    }

    @Test
    void brokenTwinLetsGoOfHalfUnderAThief() {
        assertFound(IgnoringTheThief.class);
    }

    @Test
    void brokenTwinTakesBackWithoutTouchingTheHead() {
        assertFound(LoweringTheTailOnly.class);
    }

    @Test
    void brokenTwinTakesBackWithoutCountingIt() {
        assertFound(LeavingTheHeadAsItIs.class);
    }

    private static void assertFound(Class<?> broken) {
        assertThatThrownBy(() -> modelChecking(2).minimizeFailedScenario(false).check(broken))
                .isInstanceOf(LincheckAssertionError.class)
                .hasMessageContaining("not each of 1 to");
    }

    private static ModelCheckingOptions modelChecking(int threads) {
        return new ModelCheckingOptions()
                .threads(threads)
                .actorsBefore(2)
                .actorsPerThread(2)
                .actorsAfter(1)
                .iterations(20)
                .invocationsPerIteration(250)
                .addGuarantee(Notes.UNSEEN);
    }

    /** With two slots a thief takes exactly one node, and a single thief is never refused because of another. */
    public static class TwoSlots {

        private final LocalQueue queue = new LocalQueue(2);
        private final LocalQueue thief = new LocalQueue(2);
        private int pushed;
        private NumberedNode latest = new NumberedNode(0);

        @Operation(nonParallelGroup = "owner")
        public boolean push() {
            NumberedNode node = new NumberedNode(++pushed);
            if (!queue.push(node)) {
                return false;
            }
            latest = node;
            return true;
        }

        @Operation(nonParallelGroup = "owner")
        public boolean unpush() {
            return queue.unpush(latest);
        }

        @Operation(nonParallelGroup = "owner")
        public int pop() {
            return numberOrNone(queue.pop());
        }

        @Operation(nonParallelGroup = "owner")
        public int room() {
            return queue.room() == 0 ? 0 : 1; // one more slot may still be a thief's
        }

        @Operation(nonParallelGroup = "thief")
        public int steal() {
            return numberOrNone(queue.stealInto(thief));
        }

        private static int numberOrNone(@Nullable QueueNode node) {
            return node == null ? 0 : NumberedNode.numberOf(node);
        }
    }

    /** What a ring offers; so that a broken one can stand in its place. */
    interface Ring {
        boolean push(QueueNode node);

        @Nullable QueueNode pop();

        boolean unpush(QueueNode node);

        int moveHalf(Notes overflow);

        /** Steals into a ring of the thief's own, and empties that. */
        void stealInto(Notes taken);
    }

    private static Ring ring(LocalQueue queue) {
        return new Ring() {
            @Override
            public boolean push(QueueNode node) {
                return queue.push(node);
            }

            @Override
            public @Nullable QueueNode pop() {
                return queue.pop();
            }

            @Override
            public boolean unpush(QueueNode node) {
                return queue.unpush(node);
            }

            @Override
            public int moveHalf(Notes overflow) {
                InjectionQueue moved = new InjectionQueue();
                int count = queue.moveHalf(moved);
                for (QueueNode node; (node = moved.pop()) != null;) {
                    note(node, overflow);
                }
                return count;
            }

            @Override
            public void stealInto(Notes taken) {
                LocalQueue own = new LocalQueue(4);
                QueueNode last = queue.stealInto(own);
                for (QueueNode node; (node = own.pop()) != null;) {
                    note(node, taken);
                }
                note(last, taken);
            }
        };
    }

    private static void note(@Nullable QueueNode node, Notes notes) {
        if (node != null) {
            notes.add(NumberedNode.numberOf(node));
        }
    }

    /** A steal as a whole is not one step: how much is half may be decided before a push. So the balance is checked. */
    public static class FourSlots {

        private final Ring ring;
        private final ArrayList<NumberedNode> nodes = new ArrayList<>(); // by number, from 1
        private final Notes mayBeThere = new Notes();
        private final Notes popped = new Notes();
        private final Notes takenBack = new Notes();
        private final Notes overflowed = new Notes();
        private final Notes stolenByFirst = new Notes();
        private final Notes stolenBySecond = new Notes();
        private int pushed;

        public FourSlots() {
            this(ring(new LocalQueue(4)));
        }

        FourSlots(Ring ring) {
            this.ring = ring;
        }

        @Operation(nonParallelGroup = "owner")
        public void push() {
            NumberedNode node = new NumberedNode(++pushed);
            nodes.add(node);
            while (!ring.push(node)) {
                if (ring.moveHalf(overflowed) == 0) { // as the scheduler does it
                    note(node, overflowed);
                    return;
                }
            }
            mayBeThere.add(pushed);
        }

        @Operation(nonParallelGroup = "owner")
        public void pushFour() {
            for (int i = 0; i < 4; i++) {
                push();
            }
        }

        @Operation(nonParallelGroup = "owner")
        public void pop() {
            note(ring.pop(), popped);
        }

        /** Youngest first, as an inline join does it. What is not there any more was taken by somebody. */
        @Operation(nonParallelGroup = "owner")
        public void unpush() {
            if (mayBeThere.size() != 0) {
                int number = mayBeThere.removeLast();
                if (ring.unpush(nodes.get(number - 1))) {
                    takenBack.add(number);
                }
            }
        }

        @Operation(nonParallelGroup = "owner")
        public void unpushTwo() {
            unpush();
            unpush();
        }

        @Operation(nonParallelGroup = "first thief")
        public void steal() {
            ring.stealInto(stolenByFirst);
        }

        @Operation(nonParallelGroup = "second thief")
        public void stealToo() {
            ring.stealInto(stolenBySecond);
        }

        @Validate
        public void eachNodeIsTakenOnceAndInOrder() {
            Notes left = new Notes();
            for (QueueNode node; (node = ring.pop()) != null;) {
                note(node, left);
            }
            Notes.checkBalance(pushed, popped, takenBack, stolenByFirst, stolenBySecond, left, overflowed);
            Notes.checkAscending(popped, stolenByFirst, stolenBySecond, left);
        }
    }

    /** The same where the indices pass from 2^32 - 1 to 0, and the count of what was taken back does too. */
    public static class Wrapping extends FourSlots {

        private static final VarHandle HEAD = field("head", long.class);
        private static final VarHandle TAIL = field("tail", int.class);

        public Wrapping() {
            super(ring(beforeTheWrap()));
        }

        private static LocalQueue beforeTheWrap() {
            LocalQueue queue = new LocalQueue(4);
            HEAD.set(queue, 0xFFFF_FE00_FFFF_FFFEL); // no thief at work
            TAIL.set(queue, -2);
            return queue;
        }

        private static VarHandle field(String name, Class<?> type) {
            try {
                return MethodHandles.privateLookupIn(LocalQueue.class, MethodHandles.lookup())
                        .findVarHandle(LocalQueue.class, name, type);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }
    }

    /** A thief that gives its slots back in the step in which it claims them. */
    public static class ReusingEarly extends FourSlots {
        public ReusingEarly() {
            super(new BrokenLocalQueue(BrokenLocalQueue.Fault.GIVE_BACK_BEFORE_COPY));
        }
    }

    /** An owner that lets go of half without a look whether a thief is at work. */
    public static class IgnoringTheThief extends FourSlots {
        public IgnoringTheThief() {
            super(new BrokenLocalQueue(BrokenLocalQueue.Fault.MOVE_HALF_UNDER_A_THIEF));
        }
    }

    /** An owner that takes a node back by the tail alone, which a thief may have read before. */
    public static class LoweringTheTailOnly extends FourSlots {
        public LoweringTheTailOnly() {
            super(new BrokenLocalQueue(BrokenLocalQueue.Fault.TAKE_BACK_BY_TAIL));
        }
    }

    /** An owner that takes a node back by an exchange of the head for the same, which a thief may have read before. */
    public static class LeavingTheHeadAsItIs extends FourSlots {
        public LeavingTheHeadAsItIs() {
            super(new BrokenLocalQueue(BrokenLocalQueue.Fault.TAKE_BACK_UNCOUNTED));
        }
    }

    /** A copy of {@link LocalQueue} of four slots, on an atomic long, with a fault. */
    private static final class BrokenLocalQueue implements Ring {

        enum Fault {
            GIVE_BACK_BEFORE_COPY,
            MOVE_HALF_UNDER_A_THIEF,
            TAKE_BACK_BY_TAIL,
            TAKE_BACK_UNCOUNTED
        }

        private static final int CAPACITY = 4;

        private final AtomicReferenceArray<@Nullable QueueNode> slots = new AtomicReferenceArray<>(CAPACITY);
        private final AtomicReference<Head> head = new AtomicReference<>(new Head(0, 0));
        private volatile int tail;
        private final Fault fault;

        /** Heads are compared by identity, so each new one is as good as a count of what was taken back. */
        private record Head(int steal, int real) {
        }

        BrokenLocalQueue(Fault fault) {
            this.fault = fault;
        }

        @Override
        public boolean push(QueueNode node) {
            if (tail - head.get().steal == CAPACITY) {
                return false;
            }
            slots.set(tail % CAPACITY, node);
            tail = tail + 1;
            return true;
        }

        @Override
        public @Nullable QueueNode pop() {
            for (;;) {
                Head h = head.get();
                if (h.real == tail) {
                    return null;
                }
                QueueNode node = slots.get(h.real % CAPACITY);
                Head next = new Head(h.steal == h.real ? h.real + 1 : h.steal, h.real + 1);
                if (head.compareAndSet(h, next)) {
                    return node;
                }
            }
        }

        @Override
        public boolean unpush(QueueNode node) {
            int end = tail;
            Head h = head.get();
            if (h.real == end || slots.get((end - 1) % CAPACITY) != node) {
                return false;
            }
            tail = end - 1;
            while (h.real != end) {
                if (fault == Fault.TAKE_BACK_BY_TAIL) { // the fault: a thief may go by the old tail
                    return true;
                }
                // the fault: a thief that went by the old tail does not notice
                Head next = fault == Fault.TAKE_BACK_UNCOUNTED ? h : new Head(h.steal, h.real);
                if (head.compareAndSet(h, next)) {
                    return true;
                }
                h = head.get();
            }
            tail = end;
            return false;
        }

        @Override
        public void stealInto(Notes taken) {
            Head h = head.get();
            int available = tail - h.real;
            if (h.steal != h.real || available <= 0) {
                return;
            }
            int end = h.real + available - available / 2;
            int steal = fault == Fault.GIVE_BACK_BEFORE_COPY ? end : h.real; // the fault: the owner may push there now
            if (!head.compareAndSet(h, new Head(steal, end))) {
                return;
            }
            for (int i = h.real; i < end; i++) {
                note(slots.get(i % CAPACITY), taken);
            }
            head.updateAndGet(now -> new Head(now.real, now.real));
        }

        @Override
        public int moveHalf(Notes overflow) {
            Head h = head.get();
            int end = tail;
            int count = end - h.real;
            boolean thief = h.steal != h.real && fault != Fault.MOVE_HALF_UNDER_A_THIEF; // the fault: never looks
            if (count < 2 || thief || !head.compareAndSet(h, new Head(end, end))) {
                return 0;
            }
            List<@Nullable QueueNode> nodes = new ArrayList<>();
            for (int i = h.real; i < end; i++) {
                nodes.add(slots.get(i % CAPACITY));
            }
            int keep = count - count / 2;
            nodes.subList(keep, count).forEach(node -> note(node, overflow));
            for (int i = 0; i < keep; i++) {
                slots.set((end + i) % CAPACITY, nodes.get(i));
            }
            tail = end + keep;
            return count / 2;
        }
    }
}
