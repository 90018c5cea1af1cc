/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.concurrent;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Two producers push, and one of them then consumes under the other: each node is taken once. */
@JCStressTest
@Outcome(id = "111, 1", expect = Expect.ACCEPTABLE, desc = "Each node once, then empty.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A node is lost, or taken twice, or keeps others from being taken.")
@State
public class PushAgainstPushAndPopStress {

    private final InjectionQueue queue = new InjectionQueue();
    private int taken;

    @Actor
    public void producer() {
        queue.push(new NumberedNode(1));
        queue.push(new NumberedNode(10));
    }

    @Actor
    public void producerAndConsumer() {
        queue.push(new NumberedNode(100));
        take();
    }

    @Arbiter
    public void result(II_Result result) {
        take();
        result.r1 = taken;
        result.r2 = queue.isEmpty() ? 1 : 0;
    }

    private void take() {
        if (queue.tryLockConsumer()) {
            for (QueueNode node; (node = queue.pop()) != null;) {
                taken += NumberedNode.numberOf(node);
            }
            queue.unlockConsumer();
        }
    }
}
