/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.timer;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** A foreign thread cancels while the owner fires: exactly one of them wins, and nothing stays behind. */
@JCStressTest
@Outcome(id = "1, 0, 0", expect = Expect.ACCEPTABLE, desc = "Cancelled in time.")
@Outcome(id = "0, 1, 0", expect = Expect.ACCEPTABLE, desc = "Fired; the cancel was refused.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Both, neither, or an entry that is left in the driver.")
@State
public class CancelAgainstFireStress {

    private final TimerDriver driver = new TimerDriver(() -> 0, new ForeignersOnly());
    private final CountingEntry entry = new CountingEntry(5_000_000);

    /** Files the entry, so that the race is about the filed one. */
    public CancelAgainstFireStress() {
        driver.register(entry);
        driver.advance(0, 0);
    }

    @Actor
    public void canceller(III_Result result) {
        result.r1 = entry.cancel(false) ? 1 : 0;
    }

    @Actor
    public void owner() {
        driver.advance(6_000_000, 10);
    }

    @Arbiter
    public void result(III_Result result) {
        driver.advance(6_000_000, 10);
        result.r2 = entry.fired;
        result.r3 = driver.size();
    }
}
