/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.task;

import dev.weft.concurrency.Rendezvous;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** The broken twin of {@link AbortAgainstCompleteStress}: completes while an interrupt is on its way. */
@JCStressTest
@Outcome(id = "0, 0, 1", expect = Expect.ACCEPTABLE, desc = "Aborted before it ran.")
@Outcome(id = "2, 0, 1", expect = Expect.ACCEPTABLE, desc = "Interrupted while it ran.")
@Outcome(id = "1, 0, 0", expect = Expect.ACCEPTABLE, desc = "Complete; the abort was refused.")
@Outcome(expect = Expect.FORBIDDEN, desc = "The interrupt came after the end, or not at all.")
@State
public class BrokenAbortAgainstCompleteStress {

    private final AtomicInteger state = new AtomicInteger(TaskState.QUEUED);
    private final Rendezvous aborterIsDone = new Rendezvous();
    private volatile @Nullable Thread runner;

    @Actor
    public void runner(III_Result result) {
        if (state.compareAndSet(TaskState.QUEUED, TaskState.RUNNING)) {
            runner = Thread.currentThread();
            state.updateAndGet(s -> TaskState.completed(s, TaskState.VALUE)); // the fault: waits for no aborter
            result.r1 = Thread.interrupted() ? 2 : 1;
        }
        aborterIsDone.await();
        result.r2 = Thread.interrupted() ? 1 : 0;
    }

    @Actor
    public void aborter(III_Result result) {
        int before = state.getAndUpdate(BrokenAbortAgainstCompleteStress::aborted);
        if (TaskState.isRunning(before)) {
            Thread target;
            while ((target = runner) == null) {
                Thread.onSpinWait();
            }
            target.interrupt();
        }
        result.r3 = TaskState.isComplete(before) ? 0 : 1;
        aborterIsDone.over();
    }

    private static int aborted(int before) {
        if (TaskState.isComplete(before)) {
            return before;
        }
        return TaskState.isQueued(before)
                ? TaskState.completed(before, TaskState.CANCELLED)
                : before | TaskState.ABORT;
    }
}
