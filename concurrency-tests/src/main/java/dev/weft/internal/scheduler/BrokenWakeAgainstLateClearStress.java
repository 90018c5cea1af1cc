/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.scheduler;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Another broken twin of {@link WakeAgainstRunStress}: the bit is cleared after the run. */
@JCStressTest
@Outcome(id = "false, false", expect = Expect.FORBIDDEN, desc = "The wake counts as queued, and the run misses it.")
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "The wake came while it was queued; the run sees it.")
@Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "The wake queues it again.")
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "The run sees the wake, which queues it again.")
@State
public class BrokenWakeAgainstLateClearStress {

    private final AtomicInteger queued = new AtomicInteger(1);
    private final AtomicBoolean woken = new AtomicBoolean();

    @Actor
    public void waker(ZZ_Result result) {
        woken.compareAndSet(false, true);
        result.r1 = queued.compareAndSet(0, 1);
    }

    @Actor
    public void worker(ZZ_Result result) {
        result.r2 = woken.get();
        queued.set(0); // the fault: the wake in between has found it set
    }
}
