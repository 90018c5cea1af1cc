/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.blocking;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * The broken twin of {@link AbortAgainstUnlockStress}: the holder looks for aborted jobs before it unlocks, and not
 * afterwards.
 */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Only the other job is queued.")
@Outcome(expect = Expect.FORBIDDEN, desc = "The aborted job keeps its place.")
@State
public class BrokenAbortAgainstUnlockStress {

    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicInteger aborted = new AtomicInteger();
    private int queued = 2;

    @Actor
    public void aborter() {
        aborted.incrementAndGet();
        if (lock.tryLock()) {
            dropAndUnlock();
        }
    }

    @Actor
    public void holder() {
        lock.lock();
        dropAndUnlock(); // the fault: no second look
    }

    @Arbiter
    public void result(I_Result result) {
        result.r1 = queued;
    }

    private void dropAndUnlock() {
        try {
            queued -= aborted.getAndSet(0);
        } finally {
            lock.unlock();
        }
    }
}
