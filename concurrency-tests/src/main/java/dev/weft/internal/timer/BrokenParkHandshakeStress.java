/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.timer;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** The broken twin of {@link ParkHandshakeStress}: the owner announces, without a fence, where it must promise. */
@JCStressTest
@Outcome(id = "true, false", expect = Expect.FORBIDDEN, desc = "The owner parks and nobody wakes it.")
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "The owner parks and is woken.")
@Outcome(id = "false, false", expect = Expect.ACCEPTABLE, desc = "The owner has seen the mail.")
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "Both have seen each other.")
@State
public class BrokenParkHandshakeStress {

    private final Mailbox mailbox = new Mailbox();
    private final PublishedDeadline published = new PublishedDeadline();
    private final CountingEntry entry = new CountingEntry(20);

    /** Leaves the former promise behind. */
    public BrokenParkHandshakeStress() {
        published.promise(10);
    }

    @Actor
    public void owner(ZZ_Result result) {
        published.announce(PublishedDeadline.NEVER); // the fault: an opaque store, which the next load overtakes
        result.r1 = mailbox.isEmpty();
    }

    @Actor
    public void foreigner(ZZ_Result result) {
        mailbox.push(entry);
        result.r2 = published.isLaterThan(20);
    }
}
