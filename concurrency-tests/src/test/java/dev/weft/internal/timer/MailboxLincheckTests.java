/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.timer;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class MailboxLincheckTests {

    @Test
    void mailboxIsLinearizable() {
        modelChecking().check(Box.class);
    }

    @Test
    void brokenTwinLosesALetter() {
        assertThatThrownBy(() -> modelChecking().minimizeFailedScenario(false).check(BrokenBox.class))
                .isInstanceOf(LincheckAssertionError.class)
                .hasMessageContaining("Invalid execution results");
    }

    private static ModelCheckingOptions modelChecking() {
        return new ModelCheckingOptions().iterations(20).invocationsPerIteration(500);
    }

    @Param(name = "letter", gen = IntGen.class, conf = "1:9")
    public static class Box {

        private final Mailbox mailbox = new Mailbox();

        @Operation
        public void push(@Param(name = "letter") int letter) {
            mailbox.push(new CountingEntry(letter));
        }

        @Operation
        public boolean isEmpty() {
            return mailbox.isEmpty();
        }

        @Operation
        public List<Long> takeAll() {
            var letters = new ArrayList<Long>();
            for (var entry = mailbox.takeAll(); entry != null; entry = entry.mailNext) {
                letters.add(entry.deadlineNanos());
            }
            return letters;
        }
    }

    /** Links and stores the head in two steps, as a single producer might. */
    @Param(name = "letter", gen = IntGen.class, conf = "1:9")
    public static class BrokenBox {

        private record Letter(int value, @Nullable Letter older) {}

        private volatile @Nullable Letter head;

        @Operation
        public void push(@Param(name = "letter") int letter) {
            head = new Letter(letter, head);
        }

        @Operation
        public List<Integer> takeAll() {
            var letters = new ArrayList<Integer>();
            var taken = head;
            head = null;
            for (var letter = taken; letter != null; letter = letter.older()) {
                letters.addFirst(letter.value());
            }
            return letters;
        }
    }
}
