/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.concurrent;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** Two thieves take from one ring: each node is taken once. */
@JCStressTest
@Outcome(id = "111", expect = Expect.ACCEPTABLE, desc = "Each node once.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A node is lost, or taken twice.")
@State
public class StealAgainstStealStress {

    private final LocalQueue queue = new LocalQueue(4);
    private final LocalQueue firstOwn = new LocalQueue(4);
    private final LocalQueue secondOwn = new LocalQueue(4);
    private int stolenByFirst;
    private int stolenBySecond;

    /** Puts three nodes in. */
    public StealAgainstStealStress() {
        queue.push(new NumberedNode(1));
        queue.push(new NumberedNode(10));
        queue.push(new NumberedNode(100));
    }

    @Actor
    public void first() {
        stolenByFirst = NumberedNode.numberOrZero(queue.stealInto(firstOwn));
    }

    @Actor
    public void second() {
        stolenBySecond = NumberedNode.numberOrZero(queue.stealInto(secondOwn));
    }

    @Arbiter
    public void result(I_Result result) {
        int own = NumberedNode.sumOf(firstOwn) + NumberedNode.sumOf(secondOwn);
        result.r1 = stolenByFirst + stolenBySecond + own + NumberedNode.sumOf(queue);
    }
}
