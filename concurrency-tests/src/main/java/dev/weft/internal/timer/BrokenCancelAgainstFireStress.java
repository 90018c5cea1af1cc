/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.timer;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** The broken twin of {@link CancelAgainstFireStress}: looks at the state first and changes it afterwards. */
@JCStressTest
@Outcome(id = "1, 0, 0", expect = Expect.ACCEPTABLE, desc = "Cancelled in time.")
@Outcome(id = "0, 1, 0", expect = Expect.ACCEPTABLE, desc = "Fired; the cancel was refused.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Both, neither, or an entry that is left in the driver.")
@State
public class BrokenCancelAgainstFireStress {

    private volatile int state = TimerState.ARMED;
    private int fired;

    @Actor
    public void canceller(III_Result result) {
        if (state == TimerState.ARMED) { // the fault: no compare-and-set
            state = TimerState.CANCELLED;
            result.r1 = 1;
        }
    }

    @Actor
    public void owner() {
        if (state == TimerState.ARMED) {
            state = TimerState.FIRED;
            fired++;
        }
    }

    @Arbiter
    public void result(III_Result result) {
        result.r2 = fired;
    }
}
