/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.blocking;

import java.util.concurrent.locks.ReentrantLock;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * The broken twin of {@link ExpireAgainstSubmitStress}: the thread looks before it takes the lock whether it was called,
 * and then leaves without looking again.
 */
@JCStressTest
@Outcome(id = "1, 0, 1", expect = Expect.ACCEPTABLE, desc = "The thread found the job, or was called back.")
@Outcome(id = "1, 0, 2", expect = Expect.ACCEPTABLE, desc = "The thread found the job meant for a second thread.")
@Outcome(id = "0, 1, 1", expect = Expect.ACCEPTABLE, desc = "The thread left and another one comes for the job.")
@Outcome(expect = Expect.FORBIDDEN, desc = "The job is lost, or nobody comes for it.")
@State
public class BrokenExpireAgainstSubmitStress {

    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean called;
    private boolean idle;
    private int queued;
    private int threads = 1;

    @Actor
    public void thread(III_Result result) {
        lock.lock();
        try {
            if (queued > 0) {
                queued--;
                result.r1 = 1;
                return;
            }
            idle = true;
        } finally {
            lock.unlock();
        }
        boolean leave = !called; // the fault: idle is not looked at under the lock
        lock.lock();
        try {
            idle = false;
            if (leave) {
                threads--;
            } else {
                queued--;
                result.r1 = 1;
            }
        } finally {
            lock.unlock();
        }
    }

    @Actor
    public void submitter() {
        lock.lock();
        try {
            queued++;
            if (idle) {
                idle = false;
                called = true;
            } else {
                threads++;
            }
        } finally {
            lock.unlock();
        }
    }

    @Arbiter
    public void result(III_Result result) {
        result.r2 = queued;
        result.r3 = threads;
    }
}
