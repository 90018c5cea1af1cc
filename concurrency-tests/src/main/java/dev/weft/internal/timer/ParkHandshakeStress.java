/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.timer;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * The owner is about to park for ever while a foreign thread registers: the owner sees the mail, or is woken.
 *
 * <p>The owner's former promise, of an entry that is gone, was early enough for the new one. A foreign thread that still
 * reads it wakes nobody.
 */
@JCStressTest
@Outcome(id = "true, false", expect = Expect.FORBIDDEN, desc = "The owner parks and nobody wakes it.")
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "The owner parks and is woken.")
@Outcome(id = "false, false", expect = Expect.ACCEPTABLE, desc = "The owner has seen the mail.")
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "Both have seen each other.")
@State
public class ParkHandshakeStress {

    private final Mailbox mailbox = new Mailbox();
    private final PublishedDeadline published = new PublishedDeadline();
    private final CountingEntry entry = new CountingEntry(20);

    /** Leaves the former promise behind. */
    public ParkHandshakeStress() {
        published.promise(10);
    }

    @Actor
    public void owner(ZZ_Result result) {
        published.promise(PublishedDeadline.NEVER);
        result.r1 = mailbox.isEmpty();
    }

    @Actor
    public void foreigner(ZZ_Result result) {
        mailbox.push(entry);
        result.r2 = published.isLaterThan(20);
    }
}
