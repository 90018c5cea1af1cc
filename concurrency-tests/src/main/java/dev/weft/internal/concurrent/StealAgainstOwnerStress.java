/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.concurrent;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A thief takes half of a full ring while its owner pops, and pushes where the thief has been: each node is taken once. */
@JCStressTest
@Outcome(id = "111111", expect = Expect.ACCEPTABLE, desc = "Each node once.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A node is lost, or taken twice.")
@State
public class StealAgainstOwnerStress {

    private static final int TRIES = 50;

    private final LocalQueue queue = new LocalQueue(4);
    private final LocalQueue own = new LocalQueue(4);
    private int taken;
    private int stolen;

    /** Fills the ring. */
    public StealAgainstOwnerStress() {
        for (int number = 1; number <= 1_000; number *= 10) {
            queue.push(new NumberedNode(number));
        }
    }

    @Actor
    public void owner() {
        taken += NumberedNode.numberOrZero(queue.pop());
        push(10_000);
        push(100_000);
        taken += NumberedNode.numberOrZero(queue.pop());
    }

    /** Tries to be there just when the thief gives its slots back. The scheduler has another queue for what is refused. */
    private void push(int number) {
        NumberedNode node = new NumberedNode(number);
        for (int i = 0; i < TRIES; i++) {
            if (queue.push(node)) {
                return;
            }
        }
        taken += number;
    }

    @Actor
    public void thief() {
        stolen = NumberedNode.numberOrZero(queue.stealInto(own));
    }

    @Arbiter
    public void result(I_Result result) {
        result.r1 = taken + stolen + NumberedNode.sumOf(queue) + NumberedNode.sumOf(own);
    }
}
