/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.channel.Oneshot;
import dev.weft.time.Time;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class ScheduledExecutorViewTests {

    @RegisterExtension
    final Runtimes runtimes = new Runtimes();

    final WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(2));
    final ScheduledExecutorService executor = weft.asScheduledExecutorService();

    @Test
    void aDelayedCommandIsATaskThatNeverComesEarly() throws Exception {
        long start = System.nanoTime();
        ScheduledFuture<Long> future = executor.schedule(
                () -> {
                    assertThat(Task.current()).isPresent();
                    return System.nanoTime();
                },
                5,
                TimeUnit.MILLISECONDS);
        assertThat(future.get() - start).isGreaterThanOrEqualTo(5_000_000);
        assertThat(future.isDone()).isTrue();
        assertThat(future.getDelay(TimeUnit.NANOSECONDS)).isNegative();
    }

    @Test
    void delaysOfZeroOrLessAreDueAtOnceAndHugeOnesAreAccepted() throws Exception {
        assertThat(executor.schedule(() -> 1, 0, TimeUnit.SECONDS).get()).isEqualTo(1);
        assertThat(executor.schedule(() -> 2, -5, TimeUnit.DAYS).get()).isEqualTo(2);
        ScheduledFuture<?> far = executor.schedule(() -> 3, Long.MAX_VALUE, TimeUnit.DAYS);
        assertThat(far.getDelay(TimeUnit.DAYS)).isGreaterThan(365);
        assertThat(far.cancel(false)).isTrue();
        assertThat(executor.schedule(() -> 4, Long.MIN_VALUE, TimeUnit.NANOSECONDS).get()).isEqualTo(4);
    }

    @Test
    void periodsOfZeroOrLessAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> executor.scheduleAtFixedRate(() -> {}, 0, 0, TimeUnit.SECONDS))
                .withMessageContaining("period is 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> executor.scheduleWithFixedDelay(() -> {}, 0, -1, TimeUnit.SECONDS))
                .withMessageContaining("delay is -1");
    }

    @Test
    @Tag("dedicated-only") // in shared mode each command has a thread of its own as soon as it is due
    void onOneWorkerCommandsRunInTheOrderOfTheirTimesAlsoWhenAllAreLate() throws Exception {
        ManualClock clock = new ManualClock(1);
        WeftRuntime single = runtimes.start(builder -> builder.workerThreads(1).timeSource(clock));
        ScheduledExecutorService ordered = single.asScheduledExecutorService();
        var order = new ConcurrentLinkedQueue<Integer>();
        List<ScheduledFuture<?>> futures = List.of(
                ordered.schedule(() -> order.add(5), 5, TimeUnit.MILLISECONDS),
                ordered.schedule(() -> order.add(1), 1, TimeUnit.MILLISECONDS),
                ordered.schedule(() -> order.add(3), 3, TimeUnit.MILLISECONDS),
                ordered.schedule(() -> order.add(4), 4, TimeUnit.MILLISECONDS),
                ordered.schedule(() -> order.add(2), 2, TimeUnit.MILLISECONDS));
        assertThat(futures.get(1).compareTo(futures.get(0))).isNegative();
        clock.advance(Duration.ofSeconds(1));
        for (ScheduledFuture<?> future : futures) {
            future.get();
        }
        assertThat(order).containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void aCancelledCommandNeverRunsAndItsTimerIsGone() throws Exception {
        var ran = new AtomicBoolean();
        long before = weft.metrics().timers().live();
        ScheduledFuture<?> future = executor.schedule(() -> ran.set(true), 1, TimeUnit.HOURS);
        assertThat(future.isCancelled()).isFalse();
        assertThat(future.cancel(false)).isTrue();
        assertThat(future.cancel(false)).isFalse();
        assertThat(future.isCancelled()).isTrue();
        assertThatThrownBy(future::get).isInstanceOf(CancellationException.class);
        if (Runtimes.dedicated()) {
            await().until(() -> {
                weft.blockOn(() -> {});
                return weft.metrics().timers().live() <= before;
            });
        }
        assertThat(ran).isFalse();
    }

    @Test
    void aPeriodicCommandRunsAgainAndAgainUntilCancelledAndNeverTwiceAtOnce() throws Exception {
        var runs = new AtomicInteger();
        var inside = new AtomicInteger();
        var overlap = new AtomicBoolean();
        var five = new CountDownLatch(5);
        ScheduledFuture<?> rate = executor.scheduleAtFixedRate(
                () -> {
                    overlap.compareAndSet(false, inside.incrementAndGet() > 1);
                    try {
                        Thread.sleep(2); // longer than the period
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    runs.incrementAndGet();
                    inside.decrementAndGet();
                    five.countDown();
                },
                0,
                1,
                TimeUnit.MILLISECONDS);
        five.await();
        assertThat(rate.isDone()).isFalse();
        assertThat(rate.cancel(false)).isTrue();
        await().until(() -> inside.get() == 0 && weft.metrics().live() == 0);
        int after = runs.get();
        for (int i = 0; i < 20; i++) {
            weft.blockOn(() -> Time.sleep(Duration.ofMillis(1)));
        }
        assertThat(runs).hasValue(after);
        assertThat(overlap).isFalse();
        assertThatThrownBy(rate::get).isInstanceOf(CancellationException.class);
    }

    @Test
    void aFixedDelayCountsFromTheEndOfTheRun() throws Exception {
        var clock = new ConcurrentLinkedQueue<long[]>();
        var three = new CountDownLatch(3);
        ScheduledFuture<?> delayed = executor.scheduleWithFixedDelay(
                () -> {
                    long start = System.nanoTime();
                    Thread.yield();
                    clock.add(new long[] {start, System.nanoTime()});
                    three.countDown();
                },
                1,
                3,
                TimeUnit.MILLISECONDS);
        three.await();
        delayed.cancel(true);
        long[] last = null;
        for (long[] run : clock) {
            if (last != null) {
                assertThat(run[0] - last[1]).isGreaterThanOrEqualTo(3_000_000);
            }
            last = run;
        }
    }

    @Test
    void aPeriodicCommandThatThrowsIsNotRunAgainAndItsFutureSaysWhy() {
        var runs = new AtomicInteger();
        var mine = new IllegalStateException("mine");
        ScheduledFuture<?> future = executor.scheduleAtFixedRate(
                () -> {
                    if (runs.incrementAndGet() == 3) {
                        throw mine;
                    }
                },
                0,
                1,
                TimeUnit.MILLISECONDS);
        assertThatThrownBy(future::get).isInstanceOf(ExecutionException.class).cause().isSameAs(mine);
        assertThat(runs).hasValue(3);
        assertThat(future.isDone()).isTrue();
        assertThat(future.isCancelled()).isFalse();
    }

    @Test
    void cancelWithInterruptStopsACommandThatRuns() throws Exception {
        Oneshot<Void> started = Oneshot.signal();
        Oneshot<String> seen = Oneshot.create();
        ScheduledFuture<?> future = executor.schedule(
                () -> {
                    started.sender().signal();
                    try {
                        Time.sleep(Duration.ofDays(1));
                    } catch (InterruptedException e) {
                        seen.sender().send(e.getMessage());
                    }
                    return null;
                },
                0,
                TimeUnit.SECONDS);
        started.receiver().await();
        assertThat(future.cancel(true)).isTrue();
        assertThat(seen.receiver().receive()).contains("cancelled");
        await().until(() -> weft.metrics().live() == 0);
    }

    @Test
    void aShutdownDropsWhatIsNotDueAndLetsRunWhatRuns() throws Exception {
        Oneshot<Void> started = Oneshot.signal();
        Oneshot<Void> go = Oneshot.signal();
        ScheduledFuture<Integer> running = executor.schedule(
                () -> {
                    started.sender().signal();
                    go.receiver().await();
                    return 1;
                },
                0,
                TimeUnit.SECONDS);
        ScheduledFuture<?> waiting = executor.schedule(() -> 2, 1, TimeUnit.HOURS);
        ScheduledFuture<?> periodic = executor.scheduleAtFixedRate(() -> {}, 1, 1, TimeUnit.HOURS);
        started.receiver().await();
        executor.shutdown();
        assertThat(waiting.isCancelled()).isTrue();
        assertThat(periodic.isCancelled()).isTrue();
        assertThatThrownBy(() -> executor.schedule(() -> 1, 0, TimeUnit.SECONDS))
                .isInstanceOf(RejectedExecutionException.class);
        go.sender().signal();
        assertThat(running.get()).isEqualTo(1);
        assertThat(executor.awaitTermination(50, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void shutdownNowHandsBackWhatIsNotDueAndAbortsTheRest() throws Exception {
        Oneshot<Void> started = Oneshot.signal();
        ScheduledFuture<?> running = executor.schedule(
                () -> {
                    started.sender().signal();
                    Time.sleep(Duration.ofDays(1));
                    return null;
                },
                0,
                TimeUnit.SECONDS);
        ScheduledFuture<?> waiting = executor.schedule(() -> 2, 1, TimeUnit.HOURS);
        started.receiver().await();
        List<Runnable> dropped = executor.shutdownNow();
        assertThat(dropped).containsExactly((Runnable) waiting);
        assertThat(executor.awaitTermination(50, TimeUnit.SECONDS)).isTrue();
        assertThat(running.isDone()).isTrue();
        assertThat(waiting.isDone()).isTrue();
    }

    @Test
    void theCloseOfTheRuntimeDropsWhatIsNotDue() {
        ScheduledFuture<?> waiting = executor.schedule(() -> 1, 1, TimeUnit.HOURS);
        ScheduledFuture<?> periodic = executor.scheduleAtFixedRate(() -> {}, 1, 1, TimeUnit.HOURS);
        weft.close();
        assertThat(waiting.isCancelled()).isTrue();
        assertThat(periodic.isCancelled()).isTrue();
    }

    @Test
    void aPeriodicCommandThatRunsWhenTheRuntimeIsClosedEndsAndDoesNotWaitForItsNextTime() throws Exception {
        Oneshot<Void> started = Oneshot.signal();
        var runs = new AtomicInteger();
        ScheduledFuture<?> periodic = executor.scheduleWithFixedDelay(
                () -> {
                    started.sender().signal();
                    while (weft.state() == WeftRuntime.State.RUNNING) {
                        Thread.yield();
                    }
                    runs.incrementAndGet();
                },
                0,
                1,
                TimeUnit.HOURS);
        started.receiver().await();
        weft.close();
        await().until(periodic::isDone);
        assertThat(periodic.isCancelled()).isTrue();
        assertThat(runs).hasValue(1);
    }

    @Test
    void executeAndSubmitWorkAsInThePlainView() throws Exception {
        assertThat(executor.submit(() -> 1).get()).isEqualTo(1);
        Oneshot<Void> ran = Oneshot.signal();
        executor.execute(() -> ran.sender().signal());
        ran.receiver().await();
    }

    @Test
    void theSpawnersContextClassLoaderIsSeenByTheCommand() throws Exception {
        ClassLoader mine = Thread.currentThread().getContextClassLoader();
        assertThat(executor.schedule(() -> Thread.currentThread().getContextClassLoader(), 1, TimeUnit.MILLISECONDS)
                .get())
                .isSameAs(mine);
    }

    @Test
    void thousandsOfTimersAllFire() throws Exception {
        int timers = 5_000;
        var fired = new CountDownLatch(timers);
        for (int i = 0; i < timers; i++) {
            executor.schedule(fired::countDown, i % 50, TimeUnit.MILLISECONDS);
        }
        fired.await();
    }
}
