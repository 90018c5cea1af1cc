/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.task;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Another broken twin of {@link AwaitAgainstCompleteStress}: tells without taking the list. */
@JCStressTest
@Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE, desc = "Both are told.")
@Outcome(id = "0, 0, 1", expect = Expect.ACCEPTABLE, desc = "The new one was refused: the task was complete.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A waiter is not told, or twice, or does not see the outcome.")
@State
public class BrokenTellAgainstCompleteStress {

    private final WaitersCopy task = new WaitersCopy() {
        @Override
        void lookAgain(Told waiter) {
            if (isComplete()) {
                tell(waiter); // the fault: the completer may have taken it
            }
        }
    };
    private final Told early = new Told();
    private final Told late = new Told();

    /** Has one wait already. */
    public BrokenTellAgainstCompleteStress() {
        task.add(early);
    }

    @Actor
    public void runner() {
        task.complete();
    }

    @Actor
    public void waiter(III_Result result) {
        result.r1 = task.add(late) ? 1 : 0;
    }

    @Arbiter
    public void result(III_Result result) {
        result.r2 = late.sum();
        result.r3 = early.sum();
    }
}
