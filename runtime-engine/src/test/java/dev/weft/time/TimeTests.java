/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.ManualClock;
import dev.weft.Runtimes;
import dev.weft.Task;
import dev.weft.WeftRuntime;
import dev.weft.metrics.TaskInfo;
import dev.weft.task.JoinHandle;
import dev.weft.task.TaskAction;
import dev.weft.task.TaskCancelledException;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TimeTests {

    @RegisterExtension
    final Runtimes runtimes = new Runtimes();

    private static void awaitSuspended(WeftRuntime weft, JoinHandle<?> task) {
        await().until(() -> weft.task(task.id())
                .map(info -> info.state() == TaskInfo.State.SUSPENDED)
                .orElse(false));
    }

    // ---- sleeping ----------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(longs = {1, 1_000, 50_000, 999_999, 1_000_000, 1_000_001, 3_999_999, 4_000_000, 4_000_001, 70_000_000})
    void aSleepNeverEndsEarly(long nanos) throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(2));
        weft.blockOn(() -> {
            long start = System.nanoTime();
            Time.sleep(Duration.ofNanos(nanos));
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(nanos);
        });
    }

    @Test
    void manySleepsOfAnyLengthNeverEndEarly() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(2));
        List<JoinHandle<?>> sleepers = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            sleepers.add(weft.spawn(() -> {
                long nanos = ThreadLocalRandom.current().nextLong(1, 150_000_000);
                long start = System.nanoTime();
                Time.sleep(Duration.ofNanos(nanos));
                assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(nanos);
            }));
        }
        for (JoinHandle<?> sleeper : sleepers) {
            sleeper.join();
        }
    }

    @Test
    void zeroAndThePastHavePassedAlready() throws Exception {
        ManualClock clock = new ManualClock(1);
        WeftRuntime weft = runtimes.start(builder -> builder.timeSource(clock)); // would stand still for ever
        weft.blockOn(() -> {
            Time.sleep(Duration.ZERO);
            Time.sleep(Duration.ofNanos(-1));
            Time.sleep(Duration.ofSeconds(Long.MIN_VALUE));
            Time.sleepUntil(Time.deadlineIn(Duration.ZERO));
            Time.sleepUntil(Time.deadlineIn(Duration.ofDays(-365)));
            assertThat(Time.after(Duration.ZERO).isElapsed()).isTrue();
            Time.after(Duration.ofMillis(-1)).await();
        });
        assertThat(weft.metrics().timers().registered()).isZero();
    }

    @Test
    void aSleepGoesByTheClockOfTheRuntime() throws Exception {
        ManualClock clock = new ManualClock();
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(1).timeSource(clock));
        JoinHandle<Long> sleeper = weft.spawn(() -> {
            Time.sleep(Duration.ofMillis(5));
            return clock.nanoTime();
        });
        awaitSuspended(weft, sleeper);
        clock.advance(Duration.ofNanos(4_999_999));
        for (int i = 0; i < 100; i++) {
            weft.blockOn(() -> {});
        }
        assertThat(sleeper.isDone()).isFalse();
        clock.advance(Duration.ofNanos(1));
        assertThat(sleeper.join()).isEqualTo(5_000_000);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, Long.MIN_VALUE, -5_000_000_000L, Long.MAX_VALUE, Long.MAX_VALUE - 3_000_000})
    void aClockMayStartAnywhereAndWrap(long origin) throws Exception {
        ManualClock clock = new ManualClock(origin);
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(2).timeSource(clock));
        JoinHandle<?> sleeper = weft.spawn(() -> Time.sleep(Duration.ofMillis(6)));
        awaitSuspended(weft, sleeper);
        JoinHandle<?> parked = weft.spawn(() -> LockSupport.parkNanos(6_000_000));
        if (Runtimes.dedicated()) { // in shared mode it goes by the machine's clock
            awaitSuspended(weft, parked);
        }
        for (int i = 0; i < 5; i++) {
            clock.advance(Duration.ofMillis(1));
            for (int n = 0; n < 10; n++) {
                weft.blockOn(() -> {});
            }
            assertThat(sleeper.isDone()).isFalse();
        }
        clock.advance(Duration.ofMillis(3));
        sleeper.join();
        parked.join();
        assertThat(weft.spawn(() -> 1).join()).isEqualTo(1);
    }

    @Test
    void partsOfAMillisecondAddUp() throws Exception {
        ManualClock clock = new ManualClock();
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(1).timeSource(clock));
        JoinHandle<?> sleeper = weft.spawn(() -> Time.sleep(Duration.ofMillis(1)));
        awaitSuspended(weft, sleeper);
        for (int i = 0; i < 3; i++) {
            clock.advance(Duration.ofNanos(250_000));
            weft.blockOn(() -> {});
            assertThat(sleeper.isDone()).isFalse();
        }
        clock.advance(Duration.ofNanos(250_000));
        sleeper.join();
    }

    @Test
    void sleepersOfDifferentLengthsWakeInTheirOrder() throws Exception {
        ManualClock clock = new ManualClock();
        WeftRuntime manual = runtimes.start(builder -> builder.workerThreads(1).timeSource(clock));
        var order = new ConcurrentLinkedQueue<Integer>();
        List<JoinHandle<?>> sleepers = new ArrayList<>();
        for (int millis : new int[] {7, 3, 5, 1, 9}) {
            JoinHandle<?> sleeper = manual.spawn(() -> {
                Time.sleep(Duration.ofMillis(millis));
                order.add(millis);
            });
            awaitSuspended(manual, sleeper);
            sleepers.add(sleeper);
        }
        for (int i = 1; i <= 9; i++) {
            clock.advance(Duration.ofMillis(1));
            int passed = i;
            if (i % 2 == 1) {
                await().until(() -> order.contains(passed));
            }
        }
        for (JoinHandle<?> sleeper : sleepers) {
            sleeper.join();
        }
        assertThat(order).containsExactly(1, 3, 5, 7, 9);
    }

    @Test
    void hugeSleepsAreAcceptedAndEndWithAnAbort() throws Exception {
        WeftRuntime weft = runtimes.start();
        for (Duration duration : List.of(
                Duration.ofDays(365 * 200),
                Duration.ofNanos(Long.MAX_VALUE),
                Duration.ofSeconds(Long.MAX_VALUE))) {
            JoinHandle<?> sleeper = weft.spawn(() -> Time.sleep(duration));
            awaitSuspended(weft, sleeper);
            sleeper.abort();
            assertThatThrownBy(sleeper::join).isInstanceOf(TaskCancelledException.class);
        }
        weft.blockOn(() -> {
            var far = Time.deadlineIn(Duration.ofSeconds(Long.MAX_VALUE));
            var near = Time.deadlineIn(Duration.ofMillis(1));
            assertThat(far.nanos() - near.nanos()).isPositive();
        });
    }

    @Test
    void aSleepCanBeInterruptedAndATaskThatIsInterruptedDoesNotSleep() throws Exception {
        WeftRuntime weft = runtimes.start();
        weft.blockOn(() -> {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> Time.sleep(Duration.ofDays(1))).isInstanceOf(InterruptedException.class);
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> Time.sleep(Duration.ZERO)).isInstanceOf(InterruptedException.class);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        });
    }

    @Test
    void anAbortedSleepLeavesNoTimerBehind() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(2));
        List<JoinHandle<?>> sleepers = new ArrayList<>();
        long before = weft.metrics().timers().live();
        for (int i = 0; i < 500; i++) {
            sleepers.add(weft.spawn(() -> Time.sleep(Duration.ofHours(1))));
        }
        for (JoinHandle<?> sleeper : sleepers) {
            sleeper.abort();
        }
        await().until(() -> {
            weft.blockOn(() -> Time.sleep(Duration.ofMillis(1)));
            return weft.metrics().timers().live() <= before;
        });
    }

    @Test
    void outsideOfARuntimeSleepWorksAndTheRestNamesTheWaysIn() throws Exception {
        long start = System.nanoTime();
        Time.sleep(Duration.ofMillis(2));
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(2_000_000);
        Time.sleep(Duration.ofMillis(-2));
        assertThatIllegalStateException().isThrownBy(() -> Time.sleepUntil(new Deadline(0)));
        assertThatIllegalStateException().isThrownBy(() -> Time.deadlineIn(Duration.ZERO));
        assertThatIllegalStateException().isThrownBy(() -> Time.after(Duration.ZERO));
        assertThatIllegalStateException().isThrownBy(() -> Interval.every(Duration.ofSeconds(1)));
    }

    @Test
    void nullsAreRefused() throws Exception {
        runtimes.start().blockOn(() -> {
            assertThatNullPointerException().isThrownBy(() -> Time.sleep(null));
            assertThatNullPointerException().isThrownBy(() -> Time.sleepUntil(null));
            assertThatNullPointerException().isThrownBy(() -> Time.after(null));
            assertThatNullPointerException().isThrownBy(() -> Time.deadlineIn(null));
            assertThatNullPointerException().isThrownBy(() -> Interval.every(null));
            assertThatNullPointerException().isThrownBy(() -> Interval.every(Duration.ofSeconds(1), null));
            assertThatNullPointerException().isThrownBy(() -> Time.timeout(null, () -> 1));
            Time.sleep(Duration.ofMillis(1)); // and nothing of it lingers
        });
    }

    // ---- timers ------------------------------------------------------------------------------------------------------

    @Test
    void aTimerElapsesWhetherAnybodyWaitsOrNot() throws Exception {
        runtimes.start(builder -> builder.workerThreads(1)).blockOn(() -> {
            Timer timer = Time.after(Duration.ofMillis(2));
            assertThat(timer.isElapsed()).isFalse();
            while (!timer.isElapsed()) {
                Task.yieldNow();
            }
            timer.await();
            timer.await();
        });
    }

    @Test
    void anInterruptedWaitLeavesTheTimerForTheNext() throws Exception {
        runtimes.start(builder -> builder.workerThreads(1)).blockOn(() -> {
            Timer timer = Time.after(Duration.ofMillis(20));
            Thread.currentThread().interrupt();
            assertThatThrownBy(timer::await).isInstanceOf(InterruptedException.class);
            timer.await();
            assertThat(timer.isElapsed()).isTrue();
        });
    }

    @Test
    void oneWaitsForATimerAtATime() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(1));
        Timer timer = weft.blockOn(() -> Time.after(Duration.ofDays(1)));
        JoinHandle<?> first = weft.spawn(() -> timer.await());
        awaitSuspended(weft, first);
        assertThatIllegalStateException().isThrownBy(timer::await)
                .withMessageContaining("waits for this timer already");
        first.abort();
        assertThatThrownBy(first::join).isInstanceOf(TaskCancelledException.class);
        JoinHandle<?> second = weft.spawn(() -> timer.await());
        awaitSuspended(weft, second);
        timer.close();
        assertThatThrownBy(second::join).hasRootCauseMessage("the timer is closed");
        assertThatIllegalStateException().isThrownBy(timer::await).withMessageContaining("closed");
        assertThat(timer.isElapsed()).isFalse();
        timer.close();
    }

    @Test
    void aTimerThatElapsedBeforeItsCloseHasElapsed() throws Exception {
        runtimes.start(builder -> builder.workerThreads(1)).blockOn(() -> {
            Timer timer = Time.after(Duration.ZERO);
            timer.close();
            assertThat(timer.isElapsed()).isTrue();
            timer.await();
        });
    }

    @Test
    void aTimerMadeInOneRuntimeIsAwaitedInAnother() throws Exception {
        WeftRuntime one = runtimes.start(builder -> builder.name("one"));
        WeftRuntime two = runtimes.start(builder -> builder.name("two"));
        Timer timer = one.blockOn(() -> Time.after(Duration.ofMillis(5)));
        assertThat(two.<Boolean, Exception>blockOn(() -> {
            timer.await();
            return timer.isElapsed();
        }))
                .isTrue();
    }

    @Test
    void timersGoOnWhenTheTaskThatMadeThemHasEnded() throws Exception {
        WeftRuntime weft = runtimes.start();
        Timer timer = weft.spawn(() -> Time.after(Duration.ofMillis(2))).join();
        timer.await();
        assertThat(timer.isElapsed()).isTrue();
    }

    @Test
    void aTimerIsAwaitedFromAThreadOutside() throws Exception {
        WeftRuntime weft = runtimes.start();
        var elapsed = new AtomicBoolean();
        TaskAction wait = () -> {
            Timer timer = weft.spawn(() -> Time.after(Duration.ofMillis(2))).join();
            timer.await();
            elapsed.set(timer.isElapsed());
        };
        wait.run();
        assertThat(elapsed).isTrue();
    }

    /** It is thread-safe however another thread came to know it, which only final fields bring about. */
    @Test
    void aTimerHasOnlyFinalFields() {
        assertThat(Timer.class.getDeclaredFields()).allMatch(field -> Modifier.isFinal(field.getModifiers()));
    }
}
