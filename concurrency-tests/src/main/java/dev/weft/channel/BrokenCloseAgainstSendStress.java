/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.channel;

import dev.weft.concurrency.Rendezvous;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The broken twin of {@link CloseAgainstSendStress}: looks for a value first and closes afterwards. */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Sent, and handed to whoever closed.")
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "Refused; the sender still has it.")
@Outcome(expect = Expect.FORBIDDEN, desc = "The value is in no place, or in two.")
@State
public class BrokenCloseAgainstSendStress {

    private final OneshotCopy channel = new OneshotCopy(new Rendezvous()) {
        @Override
        boolean replaceByReceiver(@Nullable Object before, Object after) {
            state.set(after); // the fault: the value may have come meanwhile
            return true;
        }
    };

    @Actor
    public void sender(II_Result result) {
        result.r1 = channel.send(1) ? 1 : 0;
    }

    @Actor
    public void receiver(II_Result result) {
        result.r2 = channel.closeAndTake();
    }
}
