/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.channel;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A value is sent while somebody comes to receive it.
 *
 * <p>A receiver that nobody wakes would show as a run that does not end.
 */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Sent and received.")
@Outcome(expect = Expect.FORBIDDEN, desc = "The value is lost, or its receiver is not woken.")
@State
public class SendAgainstReceiveStress {

    private final Oneshot<int[]> channel = Oneshot.create();

    @Actor
    public void sender(II_Result result) {
        result.r1 = channel.sender().send(new int[] {1}) ? 1 : 0;
    }

    @Actor
    public void receiver(II_Result result) {
        try {
            result.r2 = channel.receiver().receive()[0];
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
