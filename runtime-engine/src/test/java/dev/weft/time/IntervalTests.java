/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.ManualClock;
import dev.weft.Runtimes;
import dev.weft.WeftRuntime;
import dev.weft.metrics.TaskInfo;
import dev.weft.task.JoinHandle;
import dev.weft.task.TaskCancelledException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The period is 10 ms by a clock that stands still, so a tick either comes at once or not at all. */
@Timeout(60)
class IntervalTests {

    private static final Duration PERIOD = Duration.ofMillis(10);

    @RegisterExtension
    final Runtimes runtimes = new Runtimes();

    final ManualClock clock = new ManualClock(1_000);
    final WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(1).timeSource(clock));

    /** The instants, in milliseconds from the start, at which ticks come when nothing else happens. */
    private void assertNextTickAt(Interval interval, long startNanos, long millis) throws InterruptedException {
        long due = startNanos + millis * 1_000_000;
        clock.advance(Duration.ofNanos(due - 1 - clock.nanoTime()));
        JoinHandle<Long> tick = weft.spawn(interval::tick);
        await().until(() -> weft.task(tick.id())
                .map(info -> info.state() == TaskInfo.State.SUSPENDED)
                .orElse(false));
        for (int i = 0; i < 20; i++) {
            weft.spawn(() -> {}).join();
        }
        assertThat(tick.isDone()).as("not before %d ms", millis).isFalse();
        clock.advance(Duration.ofNanos(1));
        tick.join();
    }

    private long tickNow(Interval interval) throws InterruptedException {
        return weft.spawn(interval::tick).join(); // would hang if it were not due
    }

    private Interval every(MissedTickBehavior missed) throws Exception {
        return weft.blockOn(() -> Interval.every(PERIOD, missed));
    }

    @Test
    void theFirstTickComesAtOnceAndTheOthersAPeriodApart() throws Exception {
        Interval interval = weft.blockOn(() -> Interval.every(PERIOD));
        assertThat(interval.period()).isEqualTo(PERIOD);
        long start = clock.nanoTime();
        assertThat(tickNow(interval)).isZero();
        for (int i = 1; i < 4; i++) {
            assertNextTickAt(interval, start, 10L * i);
        }
        clock.advance(PERIOD);
        assertThat(tickNow(interval)).isEqualTo(4);
    }

    @Test
    void burstMakesUpForMissedTicksAndMeetsTheScheduleAgain() throws Exception {
        Interval interval = every(MissedTickBehavior.BURST);
        long start = clock.nanoTime();
        tickNow(interval);
        clock.advance(Duration.ofMillis(35));
        assertThat(List.of(tickNow(interval), tickNow(interval), tickNow(interval))).containsExactly(1L, 2L, 3L);
        assertNextTickAt(interval, start, 40);
    }

    @Test
    void delayMovesTheSchedule() throws Exception {
        Interval interval = every(MissedTickBehavior.DELAY);
        long start = clock.nanoTime();
        tickNow(interval);
        clock.advance(Duration.ofMillis(35));
        assertThat(tickNow(interval)).isEqualTo(1);
        assertNextTickAt(interval, start, 45);
        assertNextTickAt(interval, start, 55);
    }

    @Test
    void skipLeavesMissedTicksOutAndKeepsTheSchedule() throws Exception {
        Interval interval = every(MissedTickBehavior.SKIP);
        long start = clock.nanoTime();
        tickNow(interval);
        clock.advance(Duration.ofMillis(35));
        assertThat(tickNow(interval)).isEqualTo(1);
        assertNextTickAt(interval, start, 40);
        assertNextTickAt(interval, start, 50);
    }

    @Test
    void aTickThatIsLateByExactlyOnePeriodIsHandledAlikeByAll() throws Exception {
        for (MissedTickBehavior missed : MissedTickBehavior.values()) {
            Interval interval = every(missed);
            long start = clock.nanoTime();
            tickNow(interval);
            clock.advance(Duration.ofMillis(20));
            tickNow(interval);
            if (missed == MissedTickBehavior.BURST) {
                tickNow(interval);
            }
            assertNextTickAt(interval, start, 30);
        }
    }

    @Test
    void aTickThatIsALittleLateDoesNotMoveTheSchedule() throws Exception {
        for (MissedTickBehavior missed : MissedTickBehavior.values()) {
            Interval interval = every(missed);
            long start = clock.nanoTime();
            tickNow(interval);
            clock.advance(Duration.ofMillis(13));
            tickNow(interval);
            assertNextTickAt(interval, start, 20);
        }
    }

    @Test
    void resetPutsTheNextTickOnePeriodFromNow() throws Exception {
        for (MissedTickBehavior missed : MissedTickBehavior.values()) {
            Interval interval = every(missed);
            long start = clock.nanoTime();
            tickNow(interval);
            clock.advance(Duration.ofMillis(7));
            weft.spawn(interval::reset).join();
            assertNextTickAt(interval, start, 17);
            assertNextTickAt(interval, start, 27);
        }
    }

    @Test
    void anAbortedTickIsStillToCome() throws Exception {
        Interval interval = every(MissedTickBehavior.BURST);
        tickNow(interval);
        JoinHandle<Long> tick = weft.spawn(interval::tick);
        await().until(() -> weft.task(tick.id())
                .map(info -> info.state() == TaskInfo.State.SUSPENDED)
                .orElse(false));
        tick.abort();
        assertThatThrownBy(tick::join).isInstanceOf(TaskCancelledException.class);
        clock.advance(PERIOD);
        assertThat(tickNow(interval)).isEqualTo(1);
    }

    @Test
    void aPeriodMustBePositiveAndMayBeHuge() throws Exception {
        weft.blockOn(() -> {
            for (Duration bad : List.of(Duration.ZERO, Duration.ofNanos(-1), Duration.ofSeconds(Long.MIN_VALUE))) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> Interval.every(bad))
                        .withMessageContaining("period is " + bad)
                        .withMessageContaining("positive");
            }
            Interval huge = Interval.every(Duration.ofSeconds(Long.MAX_VALUE));
            assertThat(huge.tick()).isZero();
            huge.reset();
        });
    }

    @Test
    void anIntervalThatNobodyAsksNeedsNoTimer() throws Exception {
        long before = weft.metrics().timers().registered();
        Interval interval = every(MissedTickBehavior.BURST);
        tickNow(interval);
        assertThat(interval.period()).isEqualTo(PERIOD);
        if (Runtimes.dedicated()) {
            assertThat(weft.metrics().timers().registered()).isEqualTo(before);
        }
    }

    @Test
    void ticksByTheMachinesClockAreNeverEarly() throws Exception {
        WeftRuntime real = runtimes.start(builder -> builder.workerThreads(1));
        real.blockOn(() -> {
            List<Long> instants = new ArrayList<>();
            long start = System.nanoTime();
            Interval interval = Interval.every(Duration.ofMillis(1), MissedTickBehavior.BURST);
            for (int i = 0; i < 10; i++) {
                assertThat(interval.tick()).isEqualTo(i);
                instants.add(System.nanoTime() - start);
            }
            for (int i = 0; i < 10; i++) {
                assertThat(instants.get(i)).isGreaterThanOrEqualTo(i * 1_000_000L);
            }
        });
    }
}
