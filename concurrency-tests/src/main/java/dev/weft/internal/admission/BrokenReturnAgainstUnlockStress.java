/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.admission;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** The broken twin of {@link ReturnAgainstUnlockStress}: whoever unlocks does not look what was noted meanwhile. */
@JCStressTest
@Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "The queued task has its turn.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A permit is free and the task still queues.")
@State
public class BrokenReturnAgainstUnlockStress {

    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicInteger returned = new AtomicInteger();
    private int scheduled = 1;

    @Actor
    public void first() {
        returned.incrementAndGet();
        if (lock.tryLock()) {
            settleAndUnlock();
        }
    }

    @Actor
    public void holder() {
        lock.lock();
        settleAndUnlock(); // the fault: no second look
    }

    @Arbiter
    public void result(I_Result result) {
        result.r1 = scheduled;
    }

    private void settleAndUnlock() {
        try {
            scheduled += returned.getAndSet(0);
        } finally {
            lock.unlock();
        }
    }
}
