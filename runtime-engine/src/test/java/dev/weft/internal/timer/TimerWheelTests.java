/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.timer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class TimerWheelTests {

    private static final long MILLI = TimerWheel.TICK_NANOS;
    private static final long ORIGIN = Long.MAX_VALUE - 10 * MILLI; // so that readings wrap soon

    private final TimerWheel wheel = new TimerWheel(ORIGIN);

    @Test
    void roundsDeadlinesUpAndReadingsDown() {
        assertThat(wheel.tickAtOrAfter(ORIGIN)).isZero();
        assertThat(wheel.tickAtOrAfter(ORIGIN + 1)).isEqualTo(1);
        assertThat(wheel.tickAtOrAfter(ORIGIN + MILLI)).isEqualTo(1);
        assertThat(wheel.tickAtOrAfter(ORIGIN + MILLI + 1)).isEqualTo(2);
        assertThat(wheel.tickAt(ORIGIN + MILLI - 1)).isZero();
        assertThat(wheel.tickAt(ORIGIN + MILLI)).isEqualTo(1);
        assertThat(wheel.tickAt(ORIGIN - 1)).isEqualTo(-1);
        assertThat(wheel.nanosAt(12)).isEqualTo(ORIGIN + 12 * MILLI).isNegative();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0", "63, 0", "64, 1", "4095, 1", "4096, 2", "262143, 2", "262144, 3", "16777215, 3", "16777216, 4",
        "1073741823, 4", "1073741824, 5", "68719476735, 5", "68719476736, 5", "9000000000000, 5"
    })
    void filesEachDistanceInItsLevel(long tick, int level) {
        var entry = entryAt(tick);
        wheel.add(entry, tick);
        assertThat(entry.place / 64).isEqualTo(level);
    }

    @ParameterizedTest
    @ValueSource(
            longs = {
                1, 63, 64, 65, 127, 4095, 4096, 4097, 262_143, 262_144, 300_000, 16_777_216, 20_000_001, 1_073_741_823,
                1_073_741_824, 1_073_741_825, 68_719_476_735L, 68_719_476_736L, 68_719_476_737L, 200_000_000_000L,
                1_000_000_000_123L
            })
    void givesOutEachEntryAtExactlyItsTick(long tick) {
        var entry = entryAt(tick);
        wheel.add(entry, tick);
        assertThatObject(nextEntry()).isSameAs(entry);
        assertThat(wheel.position()).isEqualTo(tick);
        assertThat(wheel.nextExpiry()).isEqualTo(TimerWheel.NEVER);
    }

    @Test
    void refilesFarEntriesOncePerRotation() {
        long rotation = 1L << 36;
        long tick = 3 * rotation + 5;
        wheel.add(entryAt(tick), tick);
        var expiries = new ArrayList<Long>();
        while (wheel.nextExpiry() != TimerWheel.NEVER) {
            long expiry = wheel.nextExpiry();
            expiries.add(expiry);
            wheel.expire(expiry);
        }
        assertThat(expiries).containsExactly(rotation, 2 * rotation, 3 * rotation, tick);
    }

    @Test
    void farEntryInTheCurrentSlotDoesNotHideNearerOnes() {
        long rotation = 1L << 36;
        var far = entryAt(rotation + 1);
        var nearer = entryAt(1L << 32);
        wheel.add(far, rotation + 1); // slot 0, which is the current one
        wheel.add(nearer, 1L << 32);
        assertThatObject(nextEntry()).isSameAs(nearer);
        assertThatObject(nextEntry()).isSameAs(far);
    }

    @Test
    void entryBeyondTheEndOfTheRotationIsFoundAfterIt() {
        wheel.catchUp((1L << 36) - 2);
        var entry = entryAt((1L << 36) + 1);
        wheel.add(entry, (1L << 36) + 1);
        assertThatObject(nextEntry()).isSameAs(entry);
        assertThat(wheel.position()).isEqualTo((1L << 36) + 1);
    }

    @Test
    void keepsTheOrderOfRegistrationWithinATickThroughCascades() {
        long tick = 300_000;
        var expected = new ArrayList<TimerEntry>();
        for (long position : new long[] {0, 262_144, 299_968, 299_999, 300_000}) {
            wheel.catchUp(position);
            while (wheel.nextExpiry() <= position && wheel.nextExpiry() < tick) {
                wheel.expire(wheel.nextExpiry());
            }
            wheel.catchUp(position);
            for (int i = 0; i < 3; i++) {
                var entry = entryAt(tick);
                wheel.add(entry, tick);
                expected.add(entry);
            }
        }
        var actual = new ArrayList<TimerEntry>();
        for (var entry = nextEntry(); entry != null; entry = nextEntry()) {
            actual.add(entry);
        }
        assertThat(actual).containsExactlyElementsOf(expected);
    }

    @Test
    void removesFirstMiddleAndLastOfASlot() {
        for (int removed = 0; removed < 3; removed++) {
            var entries = List.of(entryAt(70), entryAt(71), entryAt(72));
            entries.forEach(entry -> wheel.add(entry, wheel.tickAtOrAfter(entry.deadline)));
            wheel.remove(entries.get(removed));
            assertThat(entries.get(removed).place).isEqualTo(TimerEntry.UNFILED);
            var left = List.of(wheel.pollAny(), wheel.pollAny());
            assertThat(left).doesNotContain(entries.get(removed)).doesNotHaveDuplicates();
            assertThatObject(wheel.pollAny()).isNull();
            assertThat(wheel.nextExpiry()).isEqualTo(TimerWheel.NEVER);
        }
    }

    @Test
    void catchesUpToButNotIntoTheNextExpiry() {
        wheel.add(entryAt(100), 100); // level 1: expires when slot 1 begins
        wheel.catchUp(63);
        assertThat(wheel.position()).isEqualTo(63);
        wheel.catchUp(64);
        assertThat(wheel.position()).isEqualTo(63);
        wheel.catchUp(10);
        assertThat(wheel.position()).isEqualTo(63);
        assertThat(wheel.nextExpiry()).isEqualTo(64);
    }

    @Test
    void takesEntriesForTheCurrentTick() {
        wheel.catchUp(1_000);
        var entry = entryAt(1_000);
        wheel.add(entry, 1_000);
        assertThat(wheel.nextExpiry()).isEqualTo(1_000);
        assertThatObject(wheel.expire(1_000)).isSameAs(entry);
    }

    private TimerEntry nextEntry() {
        while (wheel.nextExpiry() != TimerWheel.NEVER) {
            var entry = wheel.expire(wheel.nextExpiry());
            if (entry != null) {
                return entry;
            }
        }
        return null;
    }

    private static TimerEntry entryAt(long tick) {
        return new RecordingEntry(ORIGIN + tick * MILLI);
    }
}
