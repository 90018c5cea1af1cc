/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.concurrent;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** The broken twin of {@link StealAgainstStealStress}: looks whether a thief is at work first, and claims afterwards. */
@JCStressTest
@Outcome(id = "11", expect = Expect.ACCEPTABLE, desc = "Each node once.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A node is lost, or taken twice.")
@State
public class BrokenStealAgainstStealStress {

    private final RingCopy queue = new RingCopy() {
        @Override
        boolean claim(long before, long after) {
            head.set(after); // the fault: the other thief may have claimed meanwhile
            return true;
        }
    };
    private int stolenByFirst;
    private int stolenBySecond;

    /** Fills the ring. */
    public BrokenStealAgainstStealStress() {
        queue.push(1);
        queue.push(10);
    }

    @Actor
    public void first() {
        stolenByFirst = queue.stealOne();
    }

    @Actor
    public void second() {
        stolenBySecond = queue.stealOne();
    }

    @Arbiter
    public void result(I_Result result) {
        result.r1 = stolenByFirst + stolenBySecond + queue.pop() + queue.pop();
    }
}
