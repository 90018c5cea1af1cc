/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.timer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.Future.State;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TimerEntryTests {

    private final ManualTimeSource clock = new ManualTimeSource(5_000);
    private final SwitchedGuard guard = new SwitchedGuard();
    private final TimerDriver driver = new TimerDriver(clock, guard);

    @Test
    void isNeitherDoneNorCancelledUntilItFires() {
        var entry = new RecordingEntry(clock.nanoTime());
        assertThat(entry.isDone()).isFalse();
        assertThat(entry.state()).isEqualTo(State.RUNNING);
        driver.register(entry);
        assertThat(entry.isDone()).isFalse();
        driver.advance(clock.nanoTime(), 1);
        assertThat(entry.isDone()).isTrue();
        assertThat(entry.isCancelled()).isFalse();
        assertThat(entry.state()).isEqualTo(State.SUCCESS);
    }

    @Test
    void isDoneAndCancelledAfterCancel() {
        var entry = new RecordingEntry(clock.nanoTime());
        assertThat(entry.cancel(false)).isTrue();
        assertThat(entry.isDone()).isTrue();
        assertThat(entry.isCancelled()).isTrue();
        assertThat(entry.state()).isEqualTo(State.CANCELLED);
        assertThat(entry.cancel(true)).isFalse();
    }

    @Test
    void delayIsCountedByTheClockOfTheDriver() {
        var entry = new RecordingEntry(clock.nanoTime() + 7_000_000);
        driver.register(entry);
        clock.advance(2_000_000);
        assertThat(entry.getDelay(TimeUnit.MILLISECONDS)).isEqualTo(5);
        clock.advance(6_000_000);
        assertThat(entry.getDelay(TimeUnit.MICROSECONDS)).isEqualTo(-1_000);
    }

    @Test
    void ordersByDeadlineAlsoWhereNanosWrap() {
        var early = new RecordingEntry(Long.MAX_VALUE - 1);
        var late = new RecordingEntry(Long.MIN_VALUE + 1);
        assertThat(early.compareTo(late)).isNegative();
        assertThat(late.compareTo(early)).isPositive();
        assertThat(early.compareTo(early)).isZero();
    }

    @Test
    void hasNoResultToWaitFor() {
        var entry = new RecordingEntry(0);
        assertThatThrownBy(entry::get).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> entry.get(1, TimeUnit.SECONDS)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(entry::resultNow).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(entry::exceptionNow).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void isRearmedOnlyAfterItFired() {
        var entry = new RecordingEntry(clock.nanoTime());
        assertThat(entry.rearmFor(1)).isFalse();
        driver.register(entry);
        assertThat(entry.rearmFor(1)).isFalse();
        driver.advance(clock.nanoTime(), 1);
        assertThat(entry.rearmFor(17)).isTrue();
        assertThat(entry.deadlineNanos()).isEqualTo(17);
        assertThat(entry.isDone()).isFalse();
        entry.cancel(false);
        assertThat(entry.rearmFor(18)).isFalse();
        assertThat(entry.deadlineNanos()).isEqualTo(17);
    }
}
