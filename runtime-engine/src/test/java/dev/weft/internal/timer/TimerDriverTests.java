/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.timer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class TimerDriverTests {

    private static final long MICRO = 1_000;
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000 * MILLI;
    private static final long HOUR = 3_600 * SECOND;
    private static final long DAY = 24 * HOUR;
    private static final long YEAR = 365 * DAY;

    private final ManualTimeSource clock = new ManualTimeSource(123_456_789);
    private final SwitchedGuard guard = new SwitchedGuard();
    private final TimerDriver driver = new TimerDriver(clock, guard);
    private final List<TimerEntry> fired = new ArrayList<>();

    @AfterEach
    void guardIsLeftAsOftenAsItWasEntered() {
        assertThat(guard.isBalanced()).isTrue();
    }

    @Test
    void emptyDriverHasNothingToDo() {
        assertThat(driver.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(driver.publishedDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(advance(YEAR)).isZero();
        assertThat(driver.hasMail()).isFalse();
        assertThat(driver.size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            longs = {
                1, 50 * MICRO, MILLI, 4 * MILLI - 1, 4 * MILLI, 5 * MILLI + 1, 63 * MILLI, 64 * MILLI, SECOND,
                4_096 * MILLI, 30 * SECOND, 262_144 * MILLI, HOUR, 5 * HOUR, DAY, 12 * DAY, 13 * DAY, YEAR, 3 * YEAR,
                10 * YEAR, 100 * YEAR
            })
    void neverFiresEarlyAndAtMostOneTickLate(long delay) {
        var entry = registered(delay);
        long deadline = entry.deadlineNanos();
        while (entry.fired == 0) {
            long next = driver.nextDeadlineNanos();
            assertThat(next - clock.nanoTime()).isPositive();
            clock.set(next - 1);
            assertThat(driver.advance(clock.nanoTime(), 10)).isZero();
            clock.set(next);
            driver.advance(clock.nanoTime(), 10);
        }
        assertThat(clock.nanoTime() - deadline).isBetween(0L, MILLI - 1);
        assertThat(driver.size()).isZero();
        assertThat(driver.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(longs = {4 * MILLI, 64 * MILLI, 30 * SECOND, DAY, 3 * YEAR})
    void firesInOneStepHoweverFarTheClockJumps(long delay) {
        var entry = registered(delay);
        assertThat(advance(5 * YEAR)).isEqualTo(1);
        assertThat(entry.fired).isEqualTo(1);
    }

    @Test
    void deadlinesUpToForeverAreKept() {
        var forever = registered(Long.MAX_VALUE);
        var longAgo = registered(Long.MIN_VALUE + 1);
        var soon = registered(10 * MILLI);
        assertThat(advance(0)).isEqualTo(1);
        assertThat(longAgo.fired).isEqualTo(1);
        assertThat(advance(11 * MILLI)).isEqualTo(1);
        assertThat(soon.fired).isEqualTo(1);
        assertThat(advance(140 * YEAR)).isZero();
        assertThat(forever.fired).isZero();
        assertThat(forever.cancel(false)).isTrue();
        assertThat(driver.size()).isZero();
    }

    @Test
    void nearDeadlinesAreExact() {
        registered(50 * MICRO);
        assertThat(driver.nextDeadlineNanos()).isEqualTo(clock.nanoTime() + 50 * MICRO);
        assertThat(advance(50 * MICRO - 1)).isZero();
        assertThat(advance(1)).isEqualTo(1);
    }

    @Test
    void nearIsJudgedByTheReadingThatTheCallerHands() {
        var entry = new RecordingEntry(clock.nanoTime() + 10 * SECOND + 50 * MICRO);
        driver.register(entry, clock.nanoTime() + 10 * SECOND);
        clock.advance(10 * SECOND);
        assertThat(driver.nextDeadlineNanos()).isEqualTo(entry.deadlineNanos());
    }

    @Test
    void fullHeapLeavesNearDeadlinesToTheWheel() {
        var small = new TimerDriver(clock, guard, 1);
        long start = clock.nanoTime();
        var exact = new RecordingEntry(start + 100 * MICRO);
        var rounded = new RecordingEntry(start + 100 * MICRO);
        var late = new RecordingEntry(start - 1);
        small.register(exact);
        small.register(rounded);
        small.register(late);
        assertThat(small.advance(start, 9)).isEqualTo(1);
        assertThat(late.fired).isEqualTo(1);
        assertThat(small.advance(start + 100 * MICRO, 9)).isEqualTo(1);
        assertThat(exact.fired).isEqualTo(1);
        assertThat(small.advance(start + MILLI, 9)).isEqualTo(1);
        assertThat(rounded.fired).isEqualTo(1);
    }

    @Test
    void dueEntriesFireAtTheNextAdvance() {
        registered(0);
        registered(-SECOND);
        assertThat(driver.nextDeadlineNanos() - clock.nanoTime()).isNotPositive();
        assertThat(advance(0)).isEqualTo(2);
    }

    @Test
    void firesInTheOrderOfDeadlinesAcrossHeapAndWheel() {
        var wheelLate = registered(9 * MILLI);
        var wheelEarly = registered(5 * MILLI);
        clock.advance(4 * MILLI); // the heap takes what is now near
        var heapEarly = registered(200 * MICRO);
        var heapMiddle = registered(2 * MILLI);
        var cascaded = registered(100 * MILLI);
        advance(200 * MILLI);
        assertThat(fired).containsExactly(heapEarly, wheelEarly, heapMiddle, wheelLate, cascaded);
    }

    @Test
    void entriesOfOneTickFireInTheOrderOfRegistration() {
        var expected = new ArrayList<TimerEntry>();
        for (int i = 9; i >= 0; i--) {
            expected.add(registered(30 * SECOND + 1 + i));
        }
        advance(31 * SECOND);
        assertThat(fired).containsExactlyElementsOf(expected);
    }

    @Test
    void firesAtMostAsManyAsAllowedAndSaysThatMoreAreDue() {
        for (int i = 0; i < 10; i++) {
            registered(20 * MILLI);
            registered(1 * MILLI);
        }
        clock.advance(30 * MILLI);
        assertThat(driver.advance(clock.nanoTime(), 0)).isZero();
        for (int round = 0; round < 6; round++) {
            assertThat(driver.advance(clock.nanoTime(), 3)).isEqualTo(3);
            assertThat(driver.nextDeadlineNanos() - clock.nanoTime()).isNotPositive();
            assertThat(driver.publishedDeadlineNanos() - clock.nanoTime()).isNotPositive();
        }
        assertThat(driver.advance(clock.nanoTime(), 3)).isEqualTo(2);
        assertThat(driver.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(fired).hasSize(20).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 1, MILLI, 5 * MILLI, SECOND, 30 * SECOND, DAY, 3 * YEAR})
    void ownersCancelTakesTheEntryOutAtOnce(long delay) {
        var entry = registered(delay);
        assertThat(entry.cancel(false)).isTrue();
        assertThat(driver.size()).isZero();
        assertThat(driver.hasMail()).isFalse();
        assertThat(driver.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(advance(4 * YEAR)).isZero();
        assertThat(entry.fired).isZero();
        assertThat(driver.cancelled()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 1, MILLI, 5 * MILLI, SECOND, 30 * SECOND, DAY, 3 * YEAR})
    void foreignCancelTakesTheEntryOutAtTheNextAdvance(long delay) {
        var entry = registered(delay);
        guard.asForeigner(() -> assertThat(entry.cancel(false)).isTrue());
        assertThat(driver.hasMail()).isTrue();
        assertThat(driver.size()).isEqualTo(1);
        assertThat(advance(0)).isZero();
        assertThat(driver.size()).isZero();
        assertThat(driver.hasMail()).isFalse();
        assertThat(advance(4 * YEAR)).isZero();
        assertThat(driver.cancelled()).isEqualTo(1);
    }

    @Test
    void cancelWorksAtEachLevelThroughWhichAnEntryMoves() {
        long delay = 20 * DAY + 3 * HOUR + 1_234_567 * MILLI;
        var places = new ArrayList<Integer>();
        for (int steps = 0;; steps++) {
            var other = new TimerDriver(clock, guard);
            var entry = new RecordingEntry(clock.nanoTime() + delay);
            other.register(entry);
            for (int i = 0; i < steps; i++) {
                clock.set(other.nextDeadlineNanos());
                other.advance(clock.nanoTime(), 9);
            }
            if (entry.fired == 1) {
                break;
            }
            places.add(entry.place / 64);
            assertThat(entry.cancel(false)).isTrue();
            assertThat(other.size()).isZero();
            assertThat(other.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
        }
        assertThat(places).hasSizeGreaterThanOrEqualTo(5).isSortedAccordingTo((a, b) -> b - a);
    }

    @Test
    void cancelBeforeRegistrationDropsTheEntry() {
        var entry = new RecordingEntry(clock.nanoTime());
        assertThat(entry.cancel(false)).isTrue();
        assertThat(driver.register(entry)).isTrue();
        guard.asForeigner(() -> assertThat(driver.register(entry)).isTrue());
        assertThat(driver.hasMail()).isFalse();
        assertThat(advance(SECOND)).isZero();
        assertThat(driver.registered()).isZero();
    }

    @Test
    void foreignRegistrationTakesPlaceAtTheNextAdvance() {
        var entry = recording(10 * MILLI);
        guard.asForeigner(() -> driver.register(entry));
        assertThat(driver.hasMail()).isTrue();
        assertThat(driver.size()).isZero();
        assertThat(advance(0)).isZero();
        assertThat(driver.hasMail()).isFalse();
        assertThat(driver.size()).isEqualTo(1);
        assertThat(advance(11 * MILLI)).isEqualTo(1);
    }

    @Test
    void foreignRegistrationThatIsDueFiresAtTheNextAdvance() {
        guard.asForeigner(() -> driver.register(recording(MILLI)));
        assertThat(advance(2 * MILLI)).isEqualTo(1);
    }

    @Test
    void cancelInTheMailboxIsFinalForOwnerAndForeigner() {
        var byForeigner = recording(MILLI);
        var byOwner = recording(MILLI);
        guard.asForeigner(() -> {
            driver.register(byForeigner);
            driver.register(byOwner);
            assertThat(byForeigner.cancel(false)).isTrue();
        });
        assertThat(byOwner.cancel(false)).isTrue();
        assertThat(advance(SECOND)).isZero();
        assertThat(driver.size()).isZero();
        assertThat(driver.cancelled()).isEqualTo(2);
        assertThat(fired).isEmpty();
    }

    @Test
    void foreignerWakesTheOwnerOnlyForAnEarlierDeadline() {
        registered(SECOND);
        long promised = driver.nextDeadlineNanos();
        guard.asForeigner(() -> {
            assertThat(driver.register(recording(promised - clock.nanoTime()))).isTrue();
            assertThat(driver.register(recording(2 * SECOND))).isTrue();
            assertThat(driver.register(recording(10 * MILLI))).isFalse();
        });
    }

    @Test
    void foreignerWakesAnOwnerThatHasNoDeadline() {
        driver.nextDeadlineNanos();
        guard.asForeigner(() -> assertThat(driver.register(recording(YEAR))).isFalse());
    }

    @Test
    void publishedDeadlineFollowsRegistrationsAndFirings() {
        registered(SECOND);
        var sooner = registered(10 * MILLI);
        assertThat(driver.publishedDeadlineNanos()).isEqualTo(sooner.deadlineNanos());
        advance(20 * MILLI);
        assertThat(driver.publishedDeadlineNanos() - clock.nanoTime()).isPositive();
        advance(2 * SECOND);
        assertThat(driver.publishedDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void foreignCancelsOfManyFarTimeoutsLeaveNothingBehind() {
        var entries = new ArrayList<RecordingEntry>();
        for (int i = 0; i < 200_000; i++) {
            entries.add(registered(30 * SECOND));
            clock.advance(10 * MICRO);
        }
        guard.asForeigner(() -> entries.forEach(entry -> entry.cancel(false)));
        assertThat(advance(0)).isZero();
        assertThat(driver.size()).isZero();
        assertThat(driver.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(entries).allMatch(entry -> entry.place == TimerEntry.UNFILED
                && entry.next == entry
                && entry.previous == entry
                && entry.mailNext == null);
    }

    @Test
    void cancelAfterFiringIsRefused() {
        var entry = registered(MILLI);
        advance(MILLI);
        assertThat(entry.cancel(false)).isFalse();
        assertThat(driver.cancelled()).isZero();
    }

    @Test
    void fireMayRegisterAndCancelOnTheSameDriver() {
        var victim = recording(8 * MILLI);
        var sameTick = recording(6 * MILLI);
        var follower = recording(7 * MILLI);
        var first = new RecordingEntry(clock.nanoTime() + 6 * MILLI, () -> {
            driver.register(follower);
            assertThat(victim.cancel(false)).isTrue();
            assertThat(sameTick.cancel(false)).isTrue();
        });
        driver.register(first);
        driver.register(sameTick);
        driver.register(victim);
        assertThat(advance(20 * MILLI)).isEqualTo(2);
        assertThat(fired).containsExactly(follower);
        assertThat(driver.size()).isZero();
    }

    @Test
    void fireMayRearmItself() {
        var ticks = new ArrayList<Long>();
        var interval = new RecordingEntry[1];
        long period = 25 * MILLI;
        interval[0] = new RecordingEntry(clock.nanoTime() + period, () -> {
            ticks.add(interval[0].deadlineNanos());
            assertThat(interval[0].rearmFor(interval[0].deadlineNanos() + period)).isTrue();
            driver.register(interval[0]);
        });
        long start = clock.nanoTime();
        driver.register(interval[0]);
        for (int i = 0; i < 100; i++) {
            advance(MILLI);
        }
        assertThat(ticks).containsExactly(start + period, start + 2 * period, start + 3 * period, start + 4 * period);
        assertThat(interval[0].isDone()).isFalse();
        assertThat(interval[0].cancel(false)).isTrue();
        assertThat(driver.size()).isZero();
    }

    @Test
    void budgetEndsAnEntryThatAlwaysRearmsForNow() {
        var entry = new RecordingEntry[1];
        entry[0] = new RecordingEntry(clock.nanoTime(), () -> {
            entry[0].rearmFor(clock.nanoTime());
            driver.register(entry[0]);
        });
        driver.register(entry[0]);
        assertThat(driver.advance(clock.nanoTime(), 100)).isEqualTo(100);
    }

    @Test
    void firedEntryMayMoveToAnotherDriver() {
        var other = new TimerDriver(clock, guard);
        var entry = registered(MILLI);
        advance(MILLI);
        entry.rearmFor(clock.nanoTime() + SECOND);
        other.register(entry);
        assertThat(driver.size()).isZero();
        assertThat(other.size()).isEqualTo(1);
        guard.asForeigner(() -> entry.cancel(false));
        assertThat(driver.hasMail()).isFalse();
        assertThat(other.hasMail()).isTrue();
    }

    @Test
    void exceptionFromFireStopsNothingAndIsCounted() {
        var failure = new StackOverflowError("thrown by a test");
        driver.register(new RecordingEntry(clock.nanoTime(), () -> {
            throw failure;
        }));
        var next = registered(MICRO);
        assertThat(advance(MILLI)).isEqualTo(2);
        assertThat(next.fired).isEqualTo(1);
        assertThat(driver.failed()).isEqualTo(1);
        assertThat(driver.lastFailure()).isSameAs(failure);
    }

    @Test
    void clockThatGoesBackFiresNothingEarly() {
        long start = clock.nanoTime();
        advance(10 * SECOND);
        var future = registered(6 * MILLI);
        clock.set(start);
        var afterTheJump = registered(50 * MILLI);
        var due = registered(-1);
        assertThat(driver.advance(start, 9)).isEqualTo(1);
        assertThat(fired).containsExactly(due);
        clock.set(start + 50 * MILLI - 1);
        assertThat(advance(0)).isZero();
        assertThat(advance(1)).isEqualTo(1);
        assertThat(afterTheJump.fired).isEqualTo(1);
        clock.set(future.deadlineNanos() - 1);
        assertThat(advance(0)).isZero();
        assertThat(advance(MILLI)).isEqualTo(1);
    }

    @Test
    void readingsMayBeBeforeTheConstructionOfTheDriver() {
        clock.advance(-HOUR);
        var entry = registered(MILLI);
        assertThat(advance(MILLI - 1)).isZero();
        assertThat(advance(1)).isEqualTo(1);
        assertThat(entry.fired).isEqualTo(1);
    }

    @Test
    void readingsMayWrap() {
        clock.set(Long.MAX_VALUE - 2 * SECOND);
        var wrapping = new TimerDriver(clock, guard);
        var entries = new ArrayList<RecordingEntry>();
        for (long delay = MILLI; delay < 10 * SECOND; delay += 7 * MILLI) {
            var entry = recording(delay);
            entries.add(entry);
            wrapping.register(entry);
        }
        while (wrapping.size() > 0) {
            clock.set(wrapping.nextDeadlineNanos());
            int before = fired.size();
            wrapping.advance(clock.nanoTime(), 1_000);
            assertThat(fired.subList(before, fired.size()))
                    .allMatch(entry -> clock.nanoTime() - entry.deadlineNanos() >= 0
                            && clock.nanoTime() - entry.deadlineNanos() < MILLI);
        }
        assertThat(fired).containsExactlyElementsOf(entries);
    }

    @Test
    void drainHandsOutEveryArmedEntryAndNoOther() {
        var near = registered(MILLI);
        var far = registered(DAY);
        var posted = recording(SECOND);
        var cancelled = registered(SECOND);
        var cancelledInMail = recording(SECOND);
        guard.asForeigner(() -> {
            driver.register(posted);
            driver.register(cancelledInMail);
            cancelled.cancel(false);
            cancelledInMail.cancel(false);
        });
        var drained = new ArrayList<TimerEntry>();
        driver.drain(drained::add);
        assertThat(drained).containsExactlyInAnyOrder(near, far, posted);
        assertThat(driver.size()).isZero();
        assertThat(driver.drained()).isEqualTo(3);
        assertThat(driver.publishedDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(advance(YEAR)).isZero();
    }

    @Test
    void drainedEntryMayBeRegisteredElsewhereOrCancelled() {
        var other = new TimerDriver(clock, guard);
        var moved = registered(MILLI);
        var ended = registered(SECOND);
        driver.drain(entry -> {
            if (entry == moved) {
                other.register(entry);
            } else {
                assertThat(entry.cancel(false)).isTrue();
            }
        });
        assertThat(driver.failed()).isZero();
        clock.advance(MILLI);
        assertThat(other.advance(clock.nanoTime(), 9)).isEqualTo(1);
        assertThat(moved.fired).isEqualTo(1);
        assertThat(ended.isCancelled()).isTrue();
    }

    @Test
    void exceptionFromTheConsumerDoesNotStopTheDrain() {
        registered(MILLI);
        registered(SECOND);
        driver.drain(entry -> {
            throw new IllegalStateException("thrown by a test");
        });
        assertThat(driver.size()).isZero();
        assertThat(driver.failed()).isEqualTo(2);
    }

    @Test
    void entriesThatArriveAfterADrainAreFoundByTheNextOne() {
        driver.drain(entry -> {});
        var late = recording(SECOND);
        guard.asForeigner(() -> driver.register(late));
        var drained = new ArrayList<TimerEntry>();
        driver.drain(drained::add);
        assertThat(drained).containsExactly(late);
    }

    @Test
    void countersAddUp() {
        registered(MILLI);
        registered(2 * MILLI);
        registered(SECOND).cancel(false);
        registered(DAY);
        advance(3 * MILLI);
        var metrics = driver.metrics();
        assertThat(metrics.registered()).isEqualTo(4);
        assertThat(metrics.fired()).isEqualTo(2);
        assertThat(metrics.cancelled()).isEqualTo(1);
        assertThat(metrics.live()).isEqualTo(1);
        assertThat(metrics.maxLateness()).isEqualTo(Duration.ofMillis(2));
        assertThat(metrics.totalLateness()).isEqualTo(Duration.ofMillis(3));
    }

    @Test
    void registeringTwiceIsAMistakeThatChangesNothing() {
        var entry = registered(SECOND);
        var other = new TimerDriver(clock, guard);
        assertThatThrownBy(() -> other.register(entry)).isInstanceOf(AssertionError.class);
        assertThat(other.size()).isZero();
        assertThat(entry.cancel(false)).isTrue();
        assertThat(driver.size()).isZero();
    }

    private int advance(long byNanos) {
        clock.advance(byNanos);
        return driver.advance(clock.nanoTime(), 1_000_000);
    }

    private RecordingEntry registered(long delay) {
        var entry = recording(delay);
        assertThat(driver.register(entry)).isTrue();
        return entry;
    }

    private RecordingEntry recording(long delay) {
        var self = new RecordingEntry[1];
        self[0] = new RecordingEntry(clock.nanoTime() + delay, () -> fired.add(self[0]));
        return self[0];
    }
}
