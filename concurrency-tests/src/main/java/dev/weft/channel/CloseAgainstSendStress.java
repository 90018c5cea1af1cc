/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.channel;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The receiver closes its side while the value is sent: the value is in one place. */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Sent, and handed to whoever closed.")
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "Refused; the sender still has it.")
@Outcome(expect = Expect.FORBIDDEN, desc = "The value is in no place, or in two.")
@State
public class CloseAgainstSendStress {

    private final Oneshot<Integer> channel = Oneshot.create();

    @Actor
    public void sender(II_Result result) {
        result.r1 = channel.sender().send(1) ? 1 : 0;
    }

    @Actor
    public void receiver(II_Result result) {
        result.r2 = channel.receiver().closeAndTake().orElse(0);
    }
}
