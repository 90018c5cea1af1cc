/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.concurrent;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The broken twin of {@link PushAgainstPushAndPopStress}: reads the tail and replaces it in two steps. */
@JCStressTest
@Outcome(id = "111, 1", expect = Expect.ACCEPTABLE, desc = "Each node once, then empty.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A node is lost, or taken twice, or keeps others from being taken.")
@State
public class BrokenPushAgainstPushAndPopStress {

    private final NumberedNode stub = new NumberedNode(0);
    private volatile QueueNode tail = stub;
    private QueueNode head = stub;
    private int taken;

    @Actor
    public void producer() {
        push(new NumberedNode(1));
        push(new NumberedNode(10));
    }

    @Actor
    public void producerAndConsumer() {
        push(new NumberedNode(100));
        take();
    }

    @Arbiter
    public void result(II_Result result) {
        take();
        result.r1 = taken;
        result.r2 = tail == head ? 1 : 0;
    }

    private void push(QueueNode node) {
        QueueNode before = tail;
        tail = node; // the fault: another push may have come in between
        before.next = node;
    }

    /** Here the last node taken serves as the stub. */
    private void take() {
        for (QueueNode next; (next = head.nextAcquire()) != null; head = next) {
            taken += NumberedNode.numberOf(next);
        }
    }
}
