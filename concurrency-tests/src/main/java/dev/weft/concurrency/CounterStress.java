/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.concurrency;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** Two threads increment a counter: no increment is lost. */
@JCStressTest
@Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "Both increments count.")
@Outcome(expect = Expect.FORBIDDEN, desc = "An increment was lost.")
@State
public class CounterStress {

    private final AtomicInteger counter = new AtomicInteger();

    @Actor
    public void first() {
        counter.incrementAndGet();
    }

    @Actor
    public void second() {
        counter.incrementAndGet();
    }

    @Arbiter
    public void result(I_Result result) {
        result.r1 = counter.get();
    }
}
