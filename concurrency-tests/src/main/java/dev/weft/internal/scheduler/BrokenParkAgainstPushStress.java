/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.scheduler;

import dev.weft.internal.concurrent.InjectionQueue;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** The broken twin of {@link ParkAgainstPushStress}: the worker publishes that it parks without a fence. */
@JCStressTest
@Outcome(id = "true, true", expect = Expect.FORBIDDEN, desc = "The worker sleeps, and nobody wakes it.")
@Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "The worker sleeps and is woken.")
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "The worker sees the work.")
@Outcome(id = "false, false", expect = Expect.ACCEPTABLE, desc = "Both have seen each other.")
@State
public class BrokenParkAgainstPushStress {

    private static final VarHandle PARKED_COUNT;

    static {
        try {
            PARKED_COUNT = MethodHandles.lookup()
                    .findVarHandle(BrokenParkAgainstPushStress.class, "parkedCount", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final InjectionQueue queue = new InjectionQueue();

    @SuppressWarnings("unused") // accessed through PARKED_COUNT
    private int parkedCount;

    @Actor
    public void worker(ZZ_Result result) {
        PARKED_COUNT.setRelease(this, 1); // the fault: the second look overtakes it
        result.r1 = queue.isEmpty();
    }

    @Actor
    public void pusher() {
        queue.push(new Work());
        PARKED_COUNT.compareAndSet(this, 1, 0);
    }

    @Arbiter
    public void result(ZZ_Result result) {
        result.r2 = parkedCount == 1;
    }
}
