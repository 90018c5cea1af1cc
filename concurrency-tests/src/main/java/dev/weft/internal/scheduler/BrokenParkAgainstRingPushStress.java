/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.scheduler;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** The broken twin of {@link ParkAgainstRingPushStress}: the first sleep is for ever. */
@JCStressTest
@Outcome(id = "true, true", expect = Expect.FORBIDDEN, desc = "The worker sleeps, and nobody wakes it.")
@Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "The worker sleeps and is woken.")
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "The worker sees the work.")
@Outcome(id = "false, false", expect = Expect.ACCEPTABLE, desc = "Both have seen each other.")
@State
public class BrokenParkAgainstRingPushStress {

    private final LoneHost host = new LoneHost(2, this::hasWork);
    private final Core parking = host.cores()[0];
    private final Core pushing = host.cores()[1];
    private final IdleWorkers idle = new IdleWorkers(host);

    private boolean hasWork() {
        return !pushing.queue.isEmpty();
    }

    @Actor
    public void worker(ZZ_Result result) {
        idle.parking(parking);
        result.r1 = !host.hasWork(); // the fault: no look after a short sleep
    }

    @Actor
    public void pusher() {
        pushing.queue.push(new Work());
        idle.notifyOne();
    }

    @Arbiter
    public void result(ZZ_Result result) {
        result.r2 = parking.isParked();
    }
}
