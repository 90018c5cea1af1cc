/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.scope;

import dev.weft.concurrency.Rendezvous;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The broken twin of {@link InterruptAgainstAddStress}: looks for an interrupt with a completion in its hand. */
@JCStressTest
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "Taken.")
@Outcome(id = "-1, 1", expect = Expect.ACCEPTABLE, desc = "Interrupted; the completion is there for the next take.")
@Outcome(expect = Expect.FORBIDDEN, desc = "The completion is lost, or is there twice.")
@State
public class BrokenInterruptAgainstAddStress {

    private final ConcurrentLinkedQueue<Integer> done = new ConcurrentLinkedQueue<>();
    private final Rendezvous interrupterIsDone = new Rendezvous();
    private volatile @Nullable Thread taking;

    @Actor
    public void taker(II_Result result) {
        taking = Thread.currentThread();
        result.r1 = take();
        interrupterIsDone.await();
        Thread.interrupted();
    }

    private int take() {
        for (;;) {
            Integer next = done.poll();
            if (Thread.interrupted()) {
                return -1; // the fault: next is dropped
            }
            if (next != null) {
                return next;
            }
            Thread.onSpinWait();
        }
    }

    @Actor
    public void interrupterAndAdder() {
        Thread taker = taking;
        if (taker != null) {
            taker.interrupt();
        }
        done.add(1);
        interrupterIsDone.over();
    }

    @Arbiter
    public void result(II_Result result) {
        Integer left = done.poll();
        result.r2 = left == null ? 0 : left;
    }
}
