/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.channel;

import dev.weft.concurrency.Rendezvous;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** The broken twin of {@link CloseAgainstReceiveStress}: looks whom to wake first and closes afterwards. */
@JCStressTest
@Outcome(id = "-1", expect = Expect.ACCEPTABLE, desc = "The receiver knows.")
@Outcome(expect = Expect.FORBIDDEN, desc = "The receiver waits for ever.")
@State
public class BrokenCloseAgainstReceiveStress {

    private final Rendezvous senderIsDone = new Rendezvous();
    private final OneshotCopy channel = new OneshotCopy(senderIsDone) {
        @Override
        boolean replaceBySender(@Nullable Object before, Object after) {
            state.set(after); // the fault: a receiver may have begun to wait meanwhile
            return true;
        }
    };

    @Actor
    public void sender() {
        channel.closeSender();
        senderIsDone.over();
    }

    @Actor
    public void receiver(I_Result result) {
        result.r1 = channel.receive();
    }
}
