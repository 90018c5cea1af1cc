/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.timer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import org.junit.jupiter.api.Test;

class MailboxTests {

    private final Mailbox mailbox = new Mailbox();

    @Test
    void isEmptyUntilSomethingIsPushedAndAfterItIsTaken() {
        assertThat(mailbox.isEmpty()).isTrue();
        assertThatObject(mailbox.takeAll()).isNull();
        mailbox.push(new RecordingEntry(1));
        assertThat(mailbox.isEmpty()).isFalse();
        mailbox.takeAll();
        assertThat(mailbox.isEmpty()).isTrue();
    }

    @Test
    void isReadInTheOrderOfThePushes() {
        var first = new RecordingEntry(1);
        var second = new RecordingEntry(2);
        var third = new RecordingEntry(3);
        mailbox.push(first);
        mailbox.push(second);
        mailbox.push(third);
        assertThatObject(mailbox.takeAll()).isSameAs(first);
        assertThatObject(first.mailNext).isSameAs(second);
        assertThatObject(second.mailNext).isSameAs(third);
        assertThatObject(third.mailNext).isNull();
    }
}
