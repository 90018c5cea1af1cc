/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.concurrent;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** The broken twin of {@link StealAgainstOwnerStress}: the thief gives its slot back before it has taken the node out. */
@JCStressTest
@Outcome(id = "111", expect = Expect.ACCEPTABLE, desc = "Each node once.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A node is lost, or taken twice.")
@State
public class BrokenStealAgainstOwnerStress {

    private final RingCopy queue = new RingCopy() {
        @Override
        int stealing(int from, int end) {
            return end; // the fault: the owner may push there now
        }
    };
    private int taken;
    private int stolen;

    /** Fills the ring. */
    public BrokenStealAgainstOwnerStress() {
        queue.push(1);
        queue.push(10);
    }

    @Actor
    public void owner() {
        if (!queue.push(100)) {
            taken += queue.pop();
            if (!queue.push(100)) {
                taken += 100;
            }
        }
        taken += queue.pop();
    }

    @Actor
    public void thief() {
        stolen = queue.stealOne();
    }

    @Arbiter
    public void result(I_Result result) {
        result.r1 = taken + stolen + queue.pop() + queue.pop();
    }
}
