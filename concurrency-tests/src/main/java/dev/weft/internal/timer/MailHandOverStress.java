/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.timer;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** A foreign thread cancels an entry while the owner takes it out of the mailbox: the entry never stays filed. */
@JCStressTest
@Outcome(id = "1, 0, 1", expect = Expect.ACCEPTABLE, desc = "Cancelled, gone, counted once.")
@Outcome(expect = Expect.FORBIDDEN, desc = "The entry is left in the driver, or was counted otherwise than once.")
@State
public class MailHandOverStress {

    private final TimerDriver driver = new TimerDriver(() -> 0, new ForeignersOnly());
    private final CountingEntry entry = new CountingEntry(30_000_000_000L);

    /** Leaves the registration in the mailbox. */
    public MailHandOverStress() {
        driver.register(entry);
    }

    @Actor
    public void canceller(III_Result result) {
        result.r1 = entry.cancel(false) ? 1 : 0;
    }

    @Actor
    public void owner() {
        driver.advance(0, 10);
    }

    @Arbiter
    public void result(III_Result result) {
        driver.advance(0, 10);
        result.r2 = driver.size();
        result.r3 = (int) driver.cancelled();
    }
}
