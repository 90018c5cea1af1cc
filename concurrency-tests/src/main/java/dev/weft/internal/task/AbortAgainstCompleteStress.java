/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.task;

import dev.weft.concurrency.QuietHost;
import dev.weft.concurrency.Rendezvous;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** A task runs and completes while it is aborted: the thread is interrupted before the end, or never. */
@JCStressTest
@Outcome(id = "0, 0, 1", expect = Expect.ACCEPTABLE, desc = "Aborted before it ran.")
@Outcome(id = "2, 0, 1", expect = Expect.ACCEPTABLE, desc = "Interrupted while it ran.")
@Outcome(id = "1, 0, 0", expect = Expect.ACCEPTABLE, desc = "Complete; the abort was refused.")
@Outcome(expect = Expect.FORBIDDEN, desc = "The interrupt came after the end, or not at all.")
@State
public class AbortAgainstCompleteStress {

    private final TaskCell<Integer> task = new TaskCell<>(new QuietHost(), () -> 1, null);
    private final Rendezvous aborterIsDone = new Rendezvous();

    @Actor
    public void runner(III_Result result) {
        if (task.tryStart()) {
            task.publishRunner(Thread.currentThread());
            task.runBody();
            result.r1 = Thread.interrupted() ? 2 : 1;
        }
        aborterIsDone.await();
        result.r2 = Thread.interrupted() ? 1 : 0;
    }

    @Actor
    public void aborter(III_Result result) {
        result.r3 = task.abort("not wanted") ? 1 : 0;
        aborterIsDone.over();
    }
}
