/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.concurrency;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** The broken twin of {@link CounterStress}: volatile, but read and write are two steps. */
@JCStressTest
@Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "Both increments count.")
@Outcome(expect = Expect.FORBIDDEN, desc = "An increment was lost.")
@State
public class BrokenCounterStress {

    private volatile int counter;

    @Actor
    @SuppressWarnings("NonAtomicVolatileUpdate") // the fault that jcstress must find
    public void first() {
        counter++;
    }

    @Actor
    @SuppressWarnings("NonAtomicVolatileUpdate")
    public void second() {
        counter++;
    }

    @Arbiter
    public void result(I_Result result) {
        result.r1 = counter;
    }
}
