/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.timer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.internal.timer.TimerState.Cancellation;
import org.junit.jupiter.api.Test;

class TimerStateTests {

    private final TimerState state = new TimerState() {};

    @Test
    void fieldsOfTheWordDoNotOverlap() {
        assertThat(TimerState.LIFECYCLE & TimerState.POSTED).isZero();
        assertThat(TimerState.NEW | TimerState.ARMED | TimerState.FIRED | TimerState.CANCELLED)
                .isEqualTo(TimerState.LIFECYCLE);
        assertThat(new int[] {TimerState.NEW, TimerState.ARMED, TimerState.FIRED, TimerState.CANCELLED})
                .doesNotHaveDuplicates();
    }

    @Test
    void armsOnlyOnce() {
        assertThat(state.tryArm()).isTrue();
        assertThat(state.tryArm()).isFalse();
        assertThat(state.tryArmPosted()).isFalse();
    }

    @Test
    void firesOnlyWhenArmed() {
        assertThat(state.tryFire()).isFalse();
        state.tryArm();
        assertThat(state.tryFire()).isTrue();
        assertThat(state.tryFire()).isFalse();
        assertThat(state.hasFired()).isTrue();
    }

    @Test
    void postedEntryDoesNotFireBeforeItIsTakenFromTheMail() {
        state.tryArmPosted();
        assertThat(state.tryFire()).isFalse();
        assertThat(state.takeFromMail()).isTrue();
        assertThat(state.tryFire()).isTrue();
    }

    @Test
    void cancelOfNewEntryLeavesNothingToUnlink() {
        assertThat(state.tryCancel()).isEqualTo(Cancellation.UNFILED);
        assertThat(state.wasCancelled()).isTrue();
        assertThat(state.tryArm()).isFalse();
        assertThat(state.tryArmPosted()).isFalse();
    }

    @Test
    void cancelOfPostedEntryLeavesItToTheMail() {
        state.tryArmPosted();
        assertThat(state.tryCancel()).isEqualTo(Cancellation.UNFILED);
        assertThat(state.wasCancelled()).isTrue();
        assertThat(state.takeFromMail()).isFalse();
        assertThat(state.wasCancelled()).isTrue();
    }

    @Test
    void cancelOfArmedEntryIsForTheCancellerToBringHome() {
        state.tryArm();
        assertThat(state.tryCancel()).isEqualTo(Cancellation.FILED);
        assertThat(state.wasCancelled()).isTrue();
        assertThat(state.tryFire()).isFalse();
        assertThat(state.tryDisarm()).isFalse();
    }

    @Test
    void cancelAfterTheMailWasTakenPostsAgain() {
        state.tryArmPosted();
        state.takeFromMail();
        assertThat(state.tryCancel()).isEqualTo(Cancellation.FILED);
        assertThat(state.takeFromMail()).isFalse();
    }

    @Test
    void onlyTheFirstCancelIsHeard() {
        state.tryArm();
        state.tryCancel();
        assertThat(state.tryCancel()).isEqualTo(Cancellation.REFUSED);
    }

    @Test
    void cancelAfterFiringIsRefused() {
        state.tryArm();
        state.tryFire();
        assertThat(state.tryCancel()).isEqualTo(Cancellation.REFUSED);
        assertThat(state.wasCancelled()).isFalse();
    }

    @Test
    void disarmedEntryIsAsNew() {
        state.tryArm();
        assertThat(state.tryDisarm()).isTrue();
        assertThat(state.isNew()).isTrue();
        assertThat(state.tryArmPosted()).isTrue();
    }

    @Test
    void firedEntryIsAsNewAfterReset() {
        state.tryArm();
        state.tryFire();
        state.reset();
        assertThat(state.isNew()).isTrue();
        assertThat(state.tryArm()).isTrue();
    }
}
