/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.scheduler;

import dev.weft.internal.concurrent.InjectionQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * A worker is about to sleep while work comes from outside: it sees the work, or it is woken.
 *
 * <p>Whether it sleeps is what its second look at the queue says; a wake is to be no longer parked.
 */
@JCStressTest
@Outcome(id = "true, true", expect = Expect.FORBIDDEN, desc = "The worker sleeps, and nobody wakes it.")
@Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "The worker sleeps and is woken.")
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "The worker sees the work.")
@Outcome(id = "false, false", expect = Expect.ACCEPTABLE, desc = "Both have seen each other.")
@State
public class ParkAgainstPushStress {

    private final InjectionQueue queue = new InjectionQueue();
    private final LoneHost host = new LoneHost(1, () -> !queue.isEmpty());
    private final Core core = host.cores()[0];
    private final IdleWorkers idle = new IdleWorkers(host);

    @Actor
    public void worker(ZZ_Result result) {
        idle.parking(core);
        result.r1 = !host.hasWork();
    }

    @Actor
    public void pusher() {
        queue.push(new Work());
        idle.notifyOne();
    }

    @Arbiter
    public void result(ZZ_Result result) {
        result.r2 = core.isParked();
    }
}
