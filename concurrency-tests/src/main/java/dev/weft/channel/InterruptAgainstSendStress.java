/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.channel;

import dev.weft.concurrency.Rendezvous;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A receiver is interrupted just as the value comes: it receives it, or leaves it for the next receive. */
@JCStressTest
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "Received; the interrupt came too late.")
@Outcome(id = "-2, 1", expect = Expect.ACCEPTABLE, desc = "Interrupted; the value is there for the next receive.")
@Outcome(expect = Expect.FORBIDDEN, desc = "The value is lost, or is there twice.")
@State
public class InterruptAgainstSendStress {

    private final Oneshot<Integer> channel = Oneshot.create();
    private final Rendezvous interrupterIsDone = new Rendezvous();
    private volatile @Nullable Thread receiving;

    @Actor
    public void receiver(II_Result result) {
        receiving = Thread.currentThread();
        try {
            result.r1 = channel.receiver().receive();
        } catch (InterruptedException e) {
            result.r1 = OneshotCopy.INTERRUPTED;
        }
        interrupterIsDone.await();
        Thread.interrupted();
    }

    @Actor
    public void interrupterAndSender() {
        Thread receiver = receiving;
        if (receiver != null) {
            receiver.interrupt();
        }
        channel.sender().send(1);
        interrupterIsDone.over();
    }

    @Arbiter
    public void result(II_Result result) {
        result.r2 = channel.receiver().closeAndTake().orElse(0);
    }
}
