/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.scope;

import java.util.concurrent.ConcurrentLinkedQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The broken twin of {@link DeadlineAgainstAddStress}: looks at the clock with a completion in its hand. */
@JCStressTest
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "Taken.")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "The time was up; the completion is there for the next take.")
@Outcome(expect = Expect.FORBIDDEN, desc = "The completion is lost, or is there twice.")
@State
public class BrokenDeadlineAgainstAddStress {

    private static final long DEADLINE = 10;

    private final ConcurrentLinkedQueue<Integer> done = new ConcurrentLinkedQueue<>();
    private volatile long now;

    @Actor
    public void taker(II_Result result) {
        for (;;) {
            Integer next = done.poll();
            if (now >= DEADLINE) {
                return; // the fault: next is dropped
            }
            if (next != null) {
                result.r1 = next;
                return;
            }
            Thread.onSpinWait();
        }
    }

    @Actor
    public void clockAndAdder() {
        now = DEADLINE;
        done.add(1);
    }

    @Arbiter
    public void result(II_Result result) {
        Integer left = done.poll();
        result.r2 = left == null ? 0 : left;
    }
}
