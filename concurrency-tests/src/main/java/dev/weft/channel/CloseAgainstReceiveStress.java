/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.channel;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * The sender closes its side while somebody comes to receive.
 *
 * <p>A receiver that nobody wakes would show as a run that does not end.
 */
@JCStressTest
@Outcome(id = "-1", expect = Expect.ACCEPTABLE, desc = "The receiver knows.")
@Outcome(expect = Expect.FORBIDDEN, desc = "The receiver waits for ever.")
@State
public class CloseAgainstReceiveStress {

    private final Oneshot<Integer> channel = Oneshot.create();

    @Actor
    public void sender() {
        channel.sender().close();
    }

    @Actor
    public void receiver(I_Result result) {
        try {
            result.r1 = channel.receiver().receive();
        } catch (ChannelClosedException e) {
            result.r1 = OneshotCopy.CLOSED;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
