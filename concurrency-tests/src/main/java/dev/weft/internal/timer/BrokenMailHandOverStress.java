/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.timer;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The broken twin of {@link MailHandOverStress}: the owner looks at the state before it clears the posted bit, so a
 * cancel in between trusts a mail that has been read already.
 */
@JCStressTest
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "Cancelled and gone.")
@Outcome(expect = Expect.FORBIDDEN, desc = "The entry is left in the driver.")
@State
public class BrokenMailHandOverStress {

    private final AtomicInteger state = new AtomicInteger(TimerState.ARMED | TimerState.POSTED);
    private final AtomicBoolean mail = new AtomicBoolean(true);
    private int filed;

    @Actor
    public void canceller(II_Result result) {
        int before = state.getAndUpdate(word -> TimerState.CANCELLED | TimerState.POSTED);
        if (before == TimerState.ARMED) {
            mail.set(true);
        }
        result.r1 = 1;
    }

    @Actor
    public void owner() {
        readMail();
    }

    @Arbiter
    public void result(II_Result result) {
        readMail();
        result.r2 = filed;
    }

    private void readMail() {
        if (mail.getAndSet(false)) {
            filed = (state.get() & TimerState.LIFECYCLE) == TimerState.ARMED ? 1 : 0;
            state.getAndUpdate(word -> word & ~TimerState.POSTED); // the fault: after the look at the state
        }
    }
}
