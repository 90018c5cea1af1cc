/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.weft.metrics.TaskInfo;
import dev.weft.task.JoinHandle;
import dev.weft.task.TaskAction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Timed waits of the JDK go by the runtime's own timers, and so by its clock. */
@Tag("dedicated-only")
@Timeout(60)
class JdkTimerTests {

    @RegisterExtension
    final Runtimes runtimes = new Runtimes();

    interface TimedWait {
        void millis(long millis) throws Exception;
    }

    static Stream<Arguments> timedWaits() {
        return Stream.<Arguments>of(
                argumentSet("Thread.sleep", (TimedWait) Thread::sleep),
                argumentSet("parkNanos", (TimedWait) millis -> LockSupport.parkNanos(millis * 1_000_000)),
                argumentSet("Object.wait", (TimedWait) millis -> {
                    Object monitor = new Object();
                    synchronized (monitor) {
                        monitor.wait(millis);
                    }
                }),
                argumentSet("timed poll",
                        (TimedWait) millis -> new LinkedBlockingQueue<>().poll(millis, TimeUnit.MILLISECONDS)),
                argumentSet("latch", (TimedWait) millis -> new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS)),
                argumentSet("semaphore",
                        (TimedWait) millis -> new Semaphore(0).tryAcquire(millis, TimeUnit.MILLISECONDS)),
                argumentSet("condition", (TimedWait) millis -> {
                    var lock = new ReentrantLock();
                    lock.lock();
                    lock.newCondition().await(millis, TimeUnit.MILLISECONDS);
                    lock.unlock();
                }),
                argumentSet("join", (TimedWait) millis -> {
                    Thread endless = Thread.ofVirtual().start(() -> LockSupport.parkNanos(Long.MAX_VALUE));
                    endless.join(millis);
                    endless.interrupt();
                    endless.join();
                }));
    }

    private static void awaitSuspended(WeftRuntime weft, JoinHandle<?> task) {
        await().until(() -> weft.task(task.id())
                .map(info -> info.state() == TaskInfo.State.SUSPENDED)
                .orElse(false));
    }

    @ParameterizedTest
    @MethodSource("timedWaits")
    void aTimedWaitNeverEndsBeforeItsTimeByTheClockOfTheRuntime(TimedWait wait) throws Exception {
        ManualClock clock = new ManualClock(1);
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(1).timeSource(clock));
        long registered = weft.metrics().timers().registered();
        JoinHandle<?> waiter = weft.spawn(() -> wait.millis(5));
        awaitSuspended(weft, waiter);
        assertThat(weft.metrics().timers().registered()).isGreaterThan(registered);
        clock.advance(Duration.ofNanos(4_999_999));
        for (int i = 0; i < 50; i++) {
            weft.spawn(() -> {}).join();
        }
        assertThat(waiter.isDone()).isFalse();
        // Most of them look at the machine's clock as well, and wait again for what is left by it.
        while (!waiter.isDone()) {
            clock.advance(Duration.ofMillis(1));
            weft.spawn(() -> {}).join();
        }
        waiter.join();
    }

    @Test
    void partsOfAMillisecondAreExact() throws Exception {
        ManualClock clock = new ManualClock(1);
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(1).timeSource(clock));
        JoinHandle<?> waiter = weft.spawn(() -> LockSupport.parkNanos(50_000));
        awaitSuspended(weft, waiter);
        clock.advance(Duration.ofNanos(49_999));
        for (int i = 0; i < 50; i++) {
            weft.spawn(() -> {}).join();
        }
        assertThat(waiter.isDone()).isFalse();
        clock.advance(Duration.ofNanos(1));
        waiter.join();
    }

    @Test
    void anEarlyWakeCancelsTheTimer() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(1));
        var queue = new LinkedBlockingQueue<Integer>();
        int rounds = 500;
        JoinHandle<?> poller = weft.spawn(() -> {
            for (int i = 0; i < rounds; i++) {
                assertThat(queue.poll(1, TimeUnit.DAYS)).isNotNull();
            }
        });
        for (int i = 0; i < rounds; i++) {
            queue.add(i);
            if (i % 10 == 0) {
                Thread.yield();
            }
        }
        poller.join();
        await().untilAsserted(() -> assertThat(weft.metrics().timers().live()).isZero());
    }

    @Test
    void manySleepsAtOnceAllEnd() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(2));
        int sleepers = 5_000;
        var woken = new AtomicInteger();
        List<JoinHandle<?>> tasks = new ArrayList<>();
        for (int i = 0; i < sleepers; i++) {
            int millis = 1 + i % 20;
            tasks.add(weft.spawn(() -> {
                Thread.sleep(millis);
                woken.incrementAndGet();
            }));
        }
        for (JoinHandle<?> task : tasks) {
            task.join();
        }
        assertThat(woken).hasValue(sleepers);
        await().untilAsserted(() -> assertThat(weft.metrics().timers().live()).isZero());
    }

    @Test
    void sleepsOfGuestsGoByTheSameTimers() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(1));
        long before = weft.metrics().timers().fired();
        TaskAction body = () -> {
            Thread guest = Thread.ofVirtual().start(() -> LockSupport.parkNanos(1_000_000));
            guest.join();
        };
        weft.spawn(body).join();
        assertThat(weft.metrics().timers().fired()).isGreaterThan(before);
    }

    @Test
    void noneOfTheJdksOwnTimerThreadsIsNeeded() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(2));
        weft.blockOn(() -> {
            for (int i = 0; i < 5; i++) {
                Thread.sleep(1);
                new LinkedBlockingQueue<>().poll(1, TimeUnit.MILLISECONDS);
            }
        });
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("VirtualThread-unparker"));
    }

    @Test
    void hugeTimeoutsAreAccepted() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(1));
        for (TaskAction forever : List.<TaskAction>of(
                () -> Thread.sleep(Long.MAX_VALUE),
                () -> Thread.sleep(Duration.ofSeconds(Long.MAX_VALUE)),
                () -> new LinkedBlockingQueue<>().poll(Long.MAX_VALUE, TimeUnit.DAYS))) {
            JoinHandle<?> task = weft.spawn(forever);
            awaitSuspended(weft, task);
            weft.spawn(() -> Thread.sleep(2)).join();
            assertThat(task.isDone()).isFalse();
            task.abort();
            await().until(task::isCancelled);
        }
    }
}
