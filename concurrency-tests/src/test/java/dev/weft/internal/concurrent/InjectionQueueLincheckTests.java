/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.concurrent;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.concurrency.Notes;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many push while one consumer at a time pops, and while others ask whether there is work. */
@Timeout(300)
class InjectionQueueLincheckTests {

    @Test
    void pushAndPollAreLinearizable() {
        modelChecking().check(OneConsumer.class);
    }

    @Test
    void brokenTwinLosesAPush() {
        assertFound(PushInTwoSteps.class, "");
    }

    @Test
    void brokenTwinLosesWhatIsPushedBehindTheLastNode() {
        assertFound(LastNodeWithoutStub.class, "");
    }

    @Test
    void consumersThatTryTheLockTakeEachNodeOnceAndNobodyOverlooksOne() {
        modelChecking().check(ManyConsumers.class);
    }

    @Test
    void brokenTwinConsumesWithoutTheLock() {
        assertFound(NoLock.class, "not each of 1 to");
    }

    @Test
    void brokenTwinOverlooksAPushedNode() {
        assertFound(EmptyByHeadAlone.class, "overlooked");
    }

    private static void assertFound(Class<?> broken, String fault) {
        assertThatThrownBy(() -> modelChecking().minimizeFailedScenario(false).check(broken))
                .isInstanceOf(LincheckAssertionError.class)
                .hasMessageContaining(fault);
    }

    private static ModelCheckingOptions modelChecking() {
        return new ModelCheckingOptions()
                .threads(3)
                .actorsBefore(1)
                .actorsPerThread(2)
                .actorsAfter(2)
                .iterations(30)
                .invocationsPerIteration(250)
                .addGuarantee(Notes.UNSEEN);
    }

    /** What an injection queue offers; so that a broken one can stand in its place. */
    interface Queue {
        void push(int number);

        /** 0 when there is none. */
        int pop();

        boolean isEmpty();

        boolean tryLockConsumer();

        void unlockConsumer();
    }

    private static Queue queue() {
        InjectionQueue queue = new InjectionQueue();
        return new Queue() {
            @Override
            public void push(int number) {
                queue.push(new NumberedNode(number));
            }

            @Override
            public int pop() {
                QueueNode node = queue.pop();
                return node == null ? 0 : NumberedNode.numberOf(node);
            }

            @Override
            public boolean isEmpty() {
                return queue.isEmpty();
            }

            @Override
            public boolean tryLockConsumer() {
                return queue.tryLockConsumer();
            }

            @Override
            public void unlockConsumer() {
                queue.unlockConsumer();
            }
        };
    }

    /**
     * The consumer asks again while the queue is not empty, since a pop may meet a node that is not linked yet. What is
     * left is an ordinary queue.
     */
    @Param(name = "number", gen = IntGen.class, conf = "1:9")
    public static class OneConsumer {

        private final Queue queue;

        public OneConsumer() {
            this(queue());
        }

        OneConsumer(Queue queue) {
            this.queue = queue;
        }

        @Operation
        public void push(@Param(name = "number") int number) {
            queue.push(number);
        }

        @Operation(nonParallelGroup = "consumer")
        public int poll() {
            for (;;) {
                int number = queue.pop();
                if (number != 0 || queue.isEmpty()) {
                    return number;
                }
                Thread.onSpinWait();
            }
        }
    }

    /** Consumers come and go; each node is taken once, and nobody who asks overlooks one. */
    public static class ManyConsumers {

        private final Queue queue;
        private final Notes pushed = new Notes();
        private final Notes taken = new Notes();
        private final Notes consumers = new Notes();
        private final Notes overlooked = new Notes();
        private int lastNumber;

        public ManyConsumers() {
            this(queue());
        }

        ManyConsumers(Queue queue) {
            this.queue = queue;
        }

        @Operation(nonParallelGroup = "producer")
        public void push() {
            int number = ++lastNumber;
            queue.push(number);
            pushed.add(number);
        }

        @Operation
        public void consume() {
            if (queue.tryLockConsumer()) {
                consumers.add(1);
                for (int number; (number = queue.pop()) != 0;) {
                    taken.add(number);
                }
                consumers.removeLast();
                queue.unlockConsumer();
            }
        }

        /** What a worker asks that is about to sleep. A node that somebody is just taking may count as taken. */
        @Operation
        public void look() {
            int before = pushed.size();
            boolean empty = queue.isEmpty();
            int inHand = consumers.size();
            if (empty && before > taken.size() + inHand) {
                overlooked.add(before);
            }
        }

        @Validate
        public void eachNodeIsTakenOnceInOrderAndNoneWasOverlooked() {
            for (int number; (number = queue.pop()) != 0;) {
                taken.add(number);
            }
            Notes.checkBalance(lastNumber, taken);
            Notes.checkAscending(taken);
            if (overlooked.size() != 0 || !queue.isEmpty()) {
                throw new IllegalStateException("overlooked a node after " + overlooked);
            }
        }
    }

    /** Reads the tail and replaces it in two steps. */
    @Param(name = "number", gen = IntGen.class, conf = "1:9")
    public static class PushInTwoSteps extends OneConsumer {
        public PushInTwoSteps() {
            super(new BrokenQueue() {
                @Override
                Node exchangeTail(Node node) {
                    Node before = tail.get();
                    tail.set(node); // the fault: another push may have come in between
                    return before;
                }
            });
        }
    }

    /** Lets the last node go without putting the stub behind it first. */
    @Param(name = "number", gen = IntGen.class, conf = "1:9")
    public static class LastNodeWithoutStub extends OneConsumer {
        public LastNodeWithoutStub() {
            super(new BrokenQueue() {
                @Override
                int popLast(Node last) {
                    head = stub;
                    stub.next = null;
                    tail.set(stub); // the fault: a push may have come in between
                    return last.number;
                }
            });
        }
    }

    /** Everybody may consume at any time. */
    public static class NoLock extends ManyConsumers {
        public NoLock() {
            super(new BrokenQueue() {
                @Override
                public boolean tryLockConsumer() {
                    return true;
                }
            });
        }
    }

    /** Takes a queue for empty whose first node has not been met by a pop. */
    public static class EmptyByHeadAlone extends ManyConsumers {
        public EmptyByHeadAlone() {
            super(new BrokenQueue() {
                @Override
                public boolean isEmpty() {
                    return head == stub; // the fault: does not look at the tail
                }
            });
        }
    }

    /** A copy of {@link InjectionQueue}, to be broken in one place. */
    private static class BrokenQueue implements Queue {

        static final class Node {
            final int number;
            volatile @Nullable Node next;

            Node(int number) {
                this.number = number;
            }
        }

        final Node stub = new Node(0);
        final AtomicReference<Node> tail = new AtomicReference<>(stub);
        volatile Node head = stub;
        private final AtomicBoolean consumer = new AtomicBoolean();

        Node exchangeTail(Node node) {
            return tail.getAndSet(node);
        }

        private void link(Node node) {
            node.next = null;
            exchangeTail(node).next = node;
        }

        @Override
        public void push(int number) {
            link(new Node(number));
        }

        @Override
        public int pop() {
            Node first = head;
            Node next = first.next;
            if (first == stub) {
                if (next == null) {
                    return 0;
                }
                head = next;
                first = next;
                next = next.next;
            }
            if (next != null) {
                head = next;
                return first.number;
            }
            return tail.get() == first ? popLast(first) : 0;
        }

        int popLast(Node last) {
            link(stub);
            Node next = last.next;
            if (next == null) {
                return 0;
            }
            head = next;
            return last.number;
        }

        @Override
        public boolean isEmpty() {
            return tail.get() == stub && head == stub;
        }

        @Override
        public boolean tryLockConsumer() {
            return consumer.compareAndSet(false, true);
        }

        @Override
        public void unlockConsumer() {
            consumer.set(false);
        }
    }
}
