/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.scope;

import dev.weft.concurrency.Rendezvous;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Whoever waits for a child is interrupted just as one completes: it takes it, or leaves it for the next take. */
@JCStressTest
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "Taken.")
@Outcome(id = "-1, 1", expect = Expect.ACCEPTABLE, desc = "Interrupted; the completion is there for the next take.")
@Outcome(expect = Expect.FORBIDDEN, desc = "The completion is lost, or is there twice.")
@State
public class InterruptAgainstAddStress {

    private final Completions<Integer> completions = new Completions<>();
    private final Rendezvous interrupterIsDone = new Rendezvous();
    private volatile @Nullable Thread taking;

    @Actor
    public void taker(II_Result result) {
        taking = Thread.currentThread();
        try {
            result.r1 = completions.take();
        } catch (InterruptedException e) {
            result.r1 = -1;
        }
        interrupterIsDone.await();
        Thread.interrupted();
    }

    @Actor
    public void interrupterAndAdder() {
        Thread taker = taking;
        if (taker != null) {
            taker.interrupt();
        }
        completions.add(1);
        interrupterIsDone.over();
    }

    @Arbiter
    public void result(II_Result result) {
        Integer left = completions.poll();
        result.r2 = left == null ? 0 : left;
    }
}
