/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.admission;

import dev.weft.concurrency.QuietHost;
import dev.weft.internal.task.TaskCell;
import dev.weft.task.WhenFull;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A permit is given back while somebody holds the gate's lock: one of the two hands it to the task that queues. */
@JCStressTest
@Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "The queued task has its turn.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A permit is free and the task still queues.")
@State
public class ReturnAgainstUnlockStress {

    private final QuietHost host = new QuietHost();
    private final AtomicInteger scheduled = new AtomicInteger();
    private final AdmissionGate gate = new AdmissionGate(
            host,
            new AdmissionLimits(1, 0, WhenFull.REJECT, Duration.ZERO),
            task -> scheduled.incrementAndGet());
    private final TaskCell<?> first = host.task();

    /** Has the first task hold the only permit and the second one queue for it. */
    public ReturnAgainstUnlockStress() {
        gate.admit(first);
        gate.admit(host.task());
    }

    @Actor
    public void first() {
        first.abort("gives its permit back");
    }

    @Actor
    public void holder() {
        gate.queueCapacity(0);
    }

    @Arbiter
    public void result(I_Result result) {
        result.r1 = scheduled.get();
    }
}
