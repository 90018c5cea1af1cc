/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.channel.Oneshot;
import dev.weft.scope.JoinSet;
import dev.weft.task.JoinHandle;
import dev.weft.task.TaskAction;
import dev.weft.task.TaskCancelledException;
import dev.weft.task.TaskFailedException;
import dev.weft.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runtimes that are closed at any moment, in the middle of everything a task can do. */
@Tag("stress")
@Timeout(120)
class CloseUnderLoadStressTests {

    private static final long SEED = Long.getLong("weft.test.seed", System.nanoTime());
    private static final int ROUNDS = 1_500;
    private static final Duration LONG = Duration.ofSeconds(60);

    /** Rounds whose close came while tasks were at work. */
    private int cutShort;

    @Test
    void everyTaskEndsAndEveryGuestGoesOn() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Round next = new Round(SEED + round);
            try {
                next.run();
            } catch (Throwable e) {
                Runtimes.print(next.weft);
                throw new AssertionError("round " + round + ": run it with -Dweft.test.seed=" + (SEED + round), e);
            }
        }
        assertThat(cutShort).as("rounds that were cut short").isGreaterThan(ROUNDS / 4);
    }

    private final class Round {

        private final SplittableRandom random;
        private final WeftRuntime weft;
        private final ReentrantLock lock = new ReentrantLock();
        private final Object monitor = new Object();

        private final List<JoinHandle<?>> fromOutside = new ArrayList<>();
        private final Queue<JoinHandle<?>> fromInside = new ConcurrentLinkedQueue<>();
        private final Queue<Thread> guests = new ConcurrentLinkedQueue<>();
        private final AtomicInteger entered = new AtomicInteger();
        private final AtomicInteger left = new AtomicInteger();
        private final AtomicInteger guestsEnded = new AtomicInteger();
        private volatile boolean closed;

        Round(long seed) {
            random = new SplittableRandom(seed);
            int workers = 1 + random.nextInt(3);
            weft = WeftRuntime.builder()
                    .name("round")
                    .workerThreads(workers)
                    .keepAlive(KeepAlive.NEVER)
                    .uncaughtHandler((runtime, id, name, failure) -> {}) // each handle is read
                    .build();
            assertThat(weft.mode()).hasToString(Runtimes.MODE);
        }

        void run() throws Exception {
            assertThat(weft.<Integer, Exception>blockOn(() -> Task.spawn(() -> 1).join())).isEqualTo(1);
            int tasks = 1 + random.nextInt(30);
            for (int i = 0; i < tasks; i++) {
                SplittableRandom own = random.split();
                fromOutside.add(own.nextInt(8) == 0
                        ? weft.spawnBlocking(() -> counted(() -> job(own)))
                        : weft.spawn(() -> counted(() -> task(own))));
            }
            LockSupport.parkNanos(random.nextInt(400_000));
            ShutdownReport report = weft.shutdown(Duration.ofNanos(random.nextInt(300_000)), LONG);
            closed = true;
            assertThat(report.survivors()).as(report.toString()).isEmpty();
            if (report.aborted() > 0) {
                cutShort++;
            }
            assertThat(fromOutside).allSatisfy(Round::assertEnded);
            assertThat(fromInside).allSatisfy(Round::assertEnded);
            assertThat(left).as("bodies that were left").hasValue(entered.get());
            assertThat(weft.metrics().live()).isZero();
            for (Thread guest : guests) {
                assertThat(guest.join(LONG)).as(() -> "guest " + guest + " " + List.of(guest.getStackTrace())).isTrue();
            }
            assertThat(guestsEnded).hasValue(guests.size());
        }

        private static void assertEnded(JoinHandle<?> task) throws InterruptedException {
            assertThat(task.isDone()).as(task.toString()).isTrue();
            try {
                task.join();
            } catch (TaskCancelledException e) {
                assertThat(e.reason()).containsAnyOf("shutting down", "join set");
            } catch (TaskFailedException e) {
                assertThat(e.getCause()).as("a child of its was cancelled").isInstanceOf(TaskCancelledException.class);
            }
        }

        private void counted(TaskAction body) throws Exception {
            entered.incrementAndGet();
            try {
                body.run();
            } finally {
                left.incrementAndGet();
            }
        }

        private void task(SplittableRandom own) throws Exception {
            for (int steps = own.nextInt(200); steps > 0; steps--) {
                step(own);
            }
        }

        private void step(SplittableRandom own) throws Exception {
            switch (own.nextInt(14)) {
                case 0 -> Time.sleep(Duration.ofNanos(own.nextInt(200_000)));
                case 1 -> messageFromAChild();
                case 2 -> join(own);
                case 3 -> fromInside.add(Task.spawnBlocking(() -> counted(() -> Thread.sleep(0, 50_000))));
                case 4 -> limited(own);
                case 5 -> startGuest(own.split());
                case 6 -> Task.checkpoint();
                default -> plainStep(own);
            }
        }

        /** What any Java code does. */
        private void plainStep(SplittableRandom own) throws InterruptedException {
            switch (own.nextInt(5)) {
                case 0 -> Thread.yield();
                case 1 -> Thread.sleep(Duration.ofNanos(own.nextInt(100_000)));
                case 2 -> LockSupport.parkNanos(own.nextInt(100_000));
                case 3 -> {
                    lock.lock();
                    try {
                        Thread.yield();
                    } finally {
                        lock.unlock();
                    }
                }
                default -> {
                    synchronized (monitor) {
                        monitor.notify();
                        TimeUnit.MICROSECONDS.timedWait(monitor, 1);
                    }
                }
            }
        }

        private void messageFromAChild() throws InterruptedException {
            Oneshot<Integer> channel = Oneshot.create();
            fromInside.add(Task.spawn(() -> counted(() -> channel.sender().send(1))));
            assertThat(channel.receiver().receive()).isEqualTo(1); // or the shutdown aborts us, as it does who shall send
        }

        private void join(SplittableRandom own) throws InterruptedException {
            try (JoinSet<Integer> set = JoinSet.open()) {
                for (int i = own.nextInt(4); i >= 0; i--) {
                    SplittableRandom childs = own.split();
                    fromInside.add(set.spawn(() -> {
                        counted(() -> plainStep(childs));
                        return 1;
                    }));
                }
                set.joinAll();
            }
        }

        private static void limited(SplittableRandom own) throws InterruptedException {
            try {
                Time.timeout(Duration.ofNanos(own.nextInt(100_000)), () -> Time.sleep(Duration.ofNanos(50_000)));
            } catch (TimeoutException e) {
                // as likely as not
            }
        }

        private void job(SplittableRandom own) throws InterruptedException {
            for (int steps = own.nextInt(20); steps > 0; steps--) {
                plainStep(own);
            }
        }

        /** A guest is aborted by nobody: it goes on until the runtime is closed, and then some. */
        private void startGuest(SplittableRandom own) {
            if (guests.size() >= 20) {
                return;
            }
            Thread guest = Thread.ofVirtual().unstarted(() -> {
                try {
                    while (!closed) {
                        plainStep(own);
                    }
                    for (int i = 0; i < 10; i++) {
                        plainStep(own);
                    }
                    guestsEnded.incrementAndGet();
                } catch (InterruptedException e) {
                    throw new AssertionError("nobody has a reason to interrupt a guest", e);
                }
            });
            guests.add(guest);
            guest.start();
        }
    }
}
