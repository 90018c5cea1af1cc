/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.concurrent;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A thief takes from a full ring while its owner pops and pushes, over the thief's slots too: each node is taken once. */
@JCStressTest
@Outcome(id = "111", expect = Expect.ACCEPTABLE, desc = "Each node once.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A node is lost, or taken twice.")
@State
public class StealAgainstOwnerStress {

    private final LocalQueue queue = new LocalQueue(2);
    private final LocalQueue own = new LocalQueue(2);
    private int taken;
    private int stolen;

    /** Fills the ring. */
    public StealAgainstOwnerStress() {
        queue.push(new NumberedNode(1));
        queue.push(new NumberedNode(10));
    }

    @Actor
    public void owner() {
        NumberedNode third = new NumberedNode(100);
        if (!queue.push(third)) {
            taken += NumberedNode.numberOrZero(queue.pop());
            if (!queue.push(third)) {
                taken += third.number; // the thief still has its slot; the scheduler has another queue for this
            }
        }
        taken += NumberedNode.numberOrZero(queue.pop());
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
