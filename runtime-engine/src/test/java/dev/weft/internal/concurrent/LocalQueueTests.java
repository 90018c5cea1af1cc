/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ring on one thread; what threads do to each other in it is for the model checker. */
@Timeout(60)
class LocalQueueTests {

    private static final VarHandle HEAD = field("head", long.class);
    private static final VarHandle TAIL = field("tail", int.class);

    private static VarHandle field(String name, Class<?> type) {
        try {
            return MethodHandles.privateLookupIn(LocalQueue.class, MethodHandles.lookup())
                    .findVarHandle(LocalQueue.class, name, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final class Node extends QueueNode {
        private final int number;

        Node(int number) {
            this.number = number;
        }

        @Override
        public String toString() {
            return "node " + number;
        }
    }

    private static List<Node> nodes(int count) {
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            nodes.add(new Node(i));
        }
        return nodes;
    }

    private static List<Node> pushed(LocalQueue queue, int count) {
        List<Node> nodes = nodes(count);
        assertThat(nodes).allMatch(queue::push);
        return nodes;
    }

    private static List<QueueNode> drained(LocalQueue queue) {
        List<QueueNode> nodes = new ArrayList<>();
        for (QueueNode node; (node = queue.pop()) != null;) {
            nodes.add(node);
        }
        return nodes;
    }

    private static List<QueueNode> drained(InjectionQueue queue) {
        List<QueueNode> nodes = new ArrayList<>();
        for (QueueNode node; (node = queue.pop()) != null;) {
            nodes.add(node);
        }
        return nodes;
    }

    private static List<QueueNode> peeked(LocalQueue queue) {
        List<QueueNode> nodes = new ArrayList<>();
        queue.peek(nodes::add);
        return nodes;
    }

    private static LocalQueue at(int capacity, int index, int takenBack) {
        LocalQueue queue = new LocalQueue(capacity);
        HEAD.set(queue, (long) takenBack << 41 | index & 0xFFFF_FFFFL);
        TAIL.set(queue, index);
        return queue;
    }

    @Test
    void isFirstInFirstOut() {
        LocalQueue queue = new LocalQueue();
        List<Node> nodes = pushed(queue, 10);
        assertThat(queue.size()).isEqualTo(10);
        assertThat(queue.isEmpty()).isFalse();
        assertThat(queue.peekOldest()).isSameAs(nodes.getFirst());
        assertThat(peeked(queue)).isEqualTo(nodes);
        assertThat(drained(queue)).isEqualTo(nodes);
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.peekOldest()).isNull();
        assertThat(queue.pop()).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 128, LocalQueue.DEFAULT_CAPACITY})
    void aFullRingRefusesAndIsLeftAsItWas(int capacity) {
        LocalQueue queue = new LocalQueue(capacity);
        assertThat(queue.room()).isEqualTo(capacity);
        List<Node> nodes = pushed(queue, capacity);
        assertThat(queue.room()).isZero();
        assertThat(queue.push(new Node(-1))).isFalse();
        assertThat(queue.size()).isEqualTo(capacity);
        assertThat(queue.pop()).isSameAs(nodes.getFirst());
        Node another = new Node(capacity);
        assertThat(queue.push(another)).isTrue();
        assertThat(drained(queue)).endsWith(another).hasSize(capacity);
    }

    @ParameterizedTest
    @ValueSource(ints = {-4, 0, 3, 255, 2 * LocalQueue.DEFAULT_CAPACITY})
    void otherCapacitiesAreRefused(int capacity) {
        assertThatIllegalArgumentException().isThrownBy(() -> new LocalQueue(capacity));
    }

    // ---- taking back -----------------------------------------------------------------------------------------------

    @Test
    void theNewestIsTakenBackAndThenTheOneBeforeIt() {
        LocalQueue queue = new LocalQueue(4);
        List<Node> nodes = pushed(queue, 4);
        assertThat(queue.unpush(nodes.get(3))).isTrue();
        assertThat(queue.size()).isEqualTo(3);
        assertThat(queue.room()).isEqualTo(1);
        assertThat(queue.unpush(nodes.get(3))).isFalse();
        assertThat(queue.unpush(nodes.get(2))).isTrue();
        assertThat(drained(queue)).isEqualTo(nodes.subList(0, 2));
    }

    @Test
    void onlyTheNewestIsTakenBack() {
        LocalQueue queue = new LocalQueue(4);
        List<Node> nodes = pushed(queue, 3);
        assertThat(queue.unpush(nodes.get(0))).isFalse();
        assertThat(queue.unpush(nodes.get(1))).isFalse();
        assertThat(queue.unpush(new Node(2))).isFalse();
        assertThat(drained(queue)).isEqualTo(nodes);
    }

    @Test
    void anEmptyRingHasNothingToTakeBack() {
        LocalQueue queue = new LocalQueue(2);
        assertThat(queue.unpush(new Node(0))).isFalse();
        Node node = pushed(queue, 1).getFirst();
        assertThat(queue.pop()).isSameAs(node);
        assertThat(queue.unpush(node)).isFalse();
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.room()).isEqualTo(2);
    }

    @Test
    void theOnlyOneIsTakenBackAndItsPlaceIsUsedAgain() {
        LocalQueue queue = new LocalQueue(2);
        for (Node node : nodes(10)) {
            assertThat(queue.push(node)).isTrue();
            assertThat(queue.unpush(node)).isTrue();
            assertThat(queue.isEmpty()).isTrue();
            assertThat(queue.pop()).isNull();
            assertThat(queue.peekOldest()).isNull();
            assertThat(queue.room()).isEqualTo(2);
        }
    }

    @Test
    void whatWasStolenIsNotTakenBack() {
        LocalQueue queue = new LocalQueue(4);
        LocalQueue thief = new LocalQueue(4);
        Node alone = pushed(queue, 1).getFirst();
        assertThat(queue.stealInto(thief)).isSameAs(alone);
        assertThat(queue.unpush(alone)).isFalse();

        List<Node> nodes = pushed(queue, 4);
        assertThat(queue.stealInto(thief)).isSameAs(nodes.get(1));
        assertThat(queue.unpush(nodes.get(3))).isTrue();
        assertThat(queue.unpush(nodes.get(2))).isTrue();
        assertThat(queue.unpush(nodes.get(1))).isFalse();
        assertThat(queue.isEmpty()).isTrue();
        assertThat(drained(thief)).containsExactly(nodes.get(0));
    }

    @Test
    void nothingThatWasTakenBackIsKeptAlive() {
        LocalQueue queue = new LocalQueue(4);
        List<Node> nodes = pushed(queue, 4);
        assertThat(queue.unpush(nodes.get(3))).isTrue();
        HEAD.set(queue, (long) HEAD.get(queue) - 4 & 0xFFFF_FFFFL); // looks at every slot
        TAIL.set(queue, 0);
        assertThat(peeked(queue)).isEqualTo(nodes.subList(0, 3));
    }

    // ---- while a thief is at work ----------------------------------------------------------------------------------

    /** As a thief that has claimed the older half and then lost its processor leaves it. */
    private static LocalQueue withAThiefAtTwoOfFour(List<Node> nodes) {
        LocalQueue queue = new LocalQueue(4);
        assertThat(nodes).hasSize(4).allMatch(queue::push);
        HEAD.set(queue, 2L << 32 | 2);
        return queue;
    }

    @Test
    void theSlotsOfAThiefAreNotUsed() {
        List<Node> nodes = nodes(4);
        LocalQueue queue = withAThiefAtTwoOfFour(nodes);
        assertThat(queue.size()).isEqualTo(2);
        assertThat(queue.room()).isZero();
        assertThat(queue.push(new Node(4))).isFalse();
        assertThat(queue.moveHalf(new InjectionQueue())).isZero();
        assertThat(queue.stealInto(new LocalQueue(4))).isNull();
        assertThat(queue.pop()).isSameAs(nodes.get(2));
        assertThat(queue.push(new Node(4))).isFalse(); // the slot lies behind the thief's and cannot be told from them
        assertThat(queue.unpush(nodes.get(3))).isTrue();
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.room()).isEqualTo(1);
        Node another = new Node(5);
        assertThat(queue.push(another)).isTrue();
        assertThat(drained(queue)).containsExactly(another);
    }

    // ---- stealing and letting go -----------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 8, 255, 256})
    void aThiefTakesTheOlderHalf(int count) {
        LocalQueue queue = new LocalQueue();
        LocalQueue thief = new LocalQueue();
        List<Node> nodes = pushed(queue, count);
        int half = count - count / 2;
        assertThat(queue.stealInto(thief)).isSameAs(nodes.get(half - 1));
        assertThat(drained(thief)).isEqualTo(nodes.subList(0, half - 1));
        assertThat(queue.room()).isEqualTo(LocalQueue.DEFAULT_CAPACITY - (count - half));
        assertThat(drained(queue)).isEqualTo(nodes.subList(half, count));
    }

    @Test
    void aThiefWithoutRoomTakesNothing() {
        LocalQueue queue = new LocalQueue(4);
        LocalQueue thief = new LocalQueue(4);
        assertThat(queue.stealInto(thief)).isNull();
        List<Node> nodes = pushed(queue, 4);
        pushed(thief, 3);
        assertThat(queue.stealInto(thief)).isNull();
        assertThat(drained(queue)).isEqualTo(nodes);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 16})
    void theNewerHalfIsMovedInOrder(int count) {
        LocalQueue queue = new LocalQueue(16);
        List<Node> nodes = pushed(queue, count);
        InjectionQueue overflow = new InjectionQueue();
        assertThat(queue.moveHalf(overflow)).isEqualTo(count / 2);
        assertThat(drained(overflow)).isEqualTo(nodes.subList(count - count / 2, count));
        assertThat(queue.room()).isEqualTo(16 - (count - count / 2));
        assertThat(drained(queue)).isEqualTo(nodes.subList(0, count - count / 2));
    }

    @Test
    void afterAMoveTheNewestOfTheRestIsTheNewest() {
        LocalQueue queue = new LocalQueue(4);
        List<Node> nodes = pushed(queue, 4);
        assertThat(queue.moveHalf(new InjectionQueue())).isEqualTo(2);
        assertThat(queue.unpush(nodes.get(3))).isFalse();
        assertThat(queue.unpush(nodes.get(1))).isTrue();
        assertThat(drained(queue)).containsExactly(nodes.get(0));
    }

    // ---- wrap-around -----------------------------------------------------------------------------------------------

    @Test
    void indicesAndTheCountOfWhatWasTakenBackWrapAround() {
        LocalQueue queue = at(4, -3, -2);
        for (int i = 0; i < 5; i++) {
            List<Node> nodes = pushed(queue, 4);
            assertThat(queue.push(new Node(-1))).isFalse();
            assertThat(queue.unpush(nodes.get(3))).isTrue();
            assertThat(queue.size()).isEqualTo(3);
            assertThat(queue.room()).isEqualTo(1);
            assertThat(drained(queue)).isEqualTo(nodes.subList(0, 3));
        }
        assertThat((int) TAIL.get(queue)).isEqualTo(12);
        assertThat((long) HEAD.get(queue)).isEqualTo(3L << 41 | 12);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, -2, Integer.MAX_VALUE, Integer.MAX_VALUE - 5})
    void anyOrderOfOperationsActsLikeADeque(int start) {
        Random random = new Random(start);
        LocalQueue queue = at(8, start, -1);
        LocalQueue thief = at(8, start, 0);
        Deque<QueueNode> model = new ArrayDeque<>();
        for (int i = 0; i < 20_000; i++) {
            switch (random.nextInt(8)) {
                case 0, 1, 2, 3 -> {
                    Node node = new Node(i);
                    assertThat(queue.push(node)).isEqualTo(model.size() < 8);
                    if (model.size() < 8) {
                        model.addLast(node);
                    }
                }
                case 4 -> assertThat(queue.pop()).isSameAs(model.pollFirst());
                case 5 -> {
                    QueueNode newest = model.peekLast();
                    assertThat(queue.unpush(newest == null ? new Node(-1) : newest)).isEqualTo(newest != null);
                    model.pollLast();
                }
                case 6 -> {
                    int half = model.size() - model.size() / 2;
                    QueueNode last = queue.stealInto(thief);
                    for (int n = 1; n < half; n++) {
                        assertThat(thief.pop()).isSameAs(model.pollFirst());
                    }
                    assertThat(last).isSameAs(model.pollFirst());
                    assertThat(thief.isEmpty()).isTrue();
                }
                default -> {
                    InjectionQueue overflow = new InjectionQueue();
                    int half = model.size() / 2;
                    assertThat(queue.moveHalf(overflow)).isEqualTo(half);
                    List<QueueNode> out = drained(overflow);
                    for (int n = half - 1; n >= 0; n--) {
                        assertThat(out.get(n)).isSameAs(model.pollLast());
                    }
                }
            }
            assertThat(queue.size()).isEqualTo(model.size());
            assertThat(queue.room()).isEqualTo(8 - model.size());
            assertSameOldest(queue, model.peekFirst());
        }
        assertThat(drained(queue)).containsExactlyElementsOf(model);
    }

    private static void assertSameOldest(LocalQueue queue, @Nullable QueueNode oldest) {
        assertThat(queue.peekOldest()).isSameAs(oldest);
    }
}
