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

/** The broken twin of {@link SendAgainstReceiveStress}: looks whom to wake first and sends afterwards. */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Sent and received.")
@Outcome(expect = Expect.FORBIDDEN, desc = "The value is lost, or its receiver is not woken.")
@State
public class BrokenSendAgainstReceiveStress {

    private final Rendezvous senderIsDone = new Rendezvous();
    private final OneshotCopy channel = new OneshotCopy(senderIsDone) {
        @Override
        boolean replaceBySender(@Nullable Object before, Object after) {
            state.set(after); // the fault: a receiver may have begun to wait meanwhile
            return true;
        }
    };

    @Actor
    public void sender(II_Result result) {
        result.r1 = channel.send(1) ? 1 : 0;
        senderIsDone.over();
    }

    @Actor
    public void receiver(II_Result result) {
        result.r2 = channel.receive();
    }
}
