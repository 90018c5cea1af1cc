/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.task;

import dev.weft.concurrency.QuietHost;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** A task completes while a second one begins to wait for it: each is told once, and sees the outcome. */
@JCStressTest
@Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE, desc = "Both are told.")
@Outcome(id = "0, 0, 1", expect = Expect.ACCEPTABLE, desc = "The new one was refused: the task was complete.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A waiter is not told, or twice, or does not see the outcome.")
@State
public class AwaitAgainstCompleteStress {

    private final TaskCell<int[]> task = new TaskCell<>(new QuietHost(), () -> new int[] {1}, null);
    private final Told early = new Told();
    private final Told late = new Told();

    /** Has one wait already, so that the completer looks at the list whatever the other one does. */
    public AwaitAgainstCompleteStress() {
        task.tryStart();
        task.addWaiter(early);
    }

    @Actor
    public void runner() {
        task.runBody();
    }

    @Actor
    public void waiter(III_Result result) {
        result.r1 = task.addWaiter(late) ? 1 : 0;
    }

    @Arbiter
    public void result(III_Result result) {
        result.r2 = late.sum();
        result.r3 = early.sum();
    }
}
