/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.channel.Oneshot;
import dev.weft.task.JoinHandle;
import dev.weft.task.TaskAction;
import dev.weft.time.Time;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What lives in a runtime when it is closed, and does not end, goes on without it. */
@Timeout(60)
class SurvivorTests {

    @RegisterExtension
    final Runtimes runtimes = new Runtimes();

    final WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(2));

    @BeforeEach
    void somebodySurvives() {
        runtimes.expectSurvivors();
    }

    private void closeAround(Oneshot<Void> started) throws InterruptedException {
        started.receiver().await();
        assertThat(weft.shutdown(Duration.ZERO, Duration.ofMillis(5)).isClean()).isFalse();
        assertThat(weft.state()).isEqualTo(WeftRuntime.State.CLOSED);
    }

    /** Runs the body in a task that outlives its runtime. */
    private JoinHandle<?> afterClose(TaskAction body) throws InterruptedException {
        Oneshot<Void> started = Oneshot.signal();
        Oneshot<Void> closed = Oneshot.signal();
        JoinHandle<?> task = weft.named("survivor").spawn(() -> {
            started.sender().signal();
            ShutdownTests.awaitDeafly(closed);
            body.run();
        });
        closeAround(started);
        closed.sender().signal();
        return task;
    }

    @Test
    void aTaskThatWasSuspendedGoesOnAndCanBeJoined() throws Exception {
        var ran = new AtomicBoolean();
        afterClose(() -> ran.set(true)).join();
        assertThat(ran).isTrue();
    }

    @Test
    void itSleepsParksWaitsAndYields() throws Exception {
        afterClose(() -> {
            Time.sleep(Duration.ofMillis(2));
            Thread.sleep(2);
            LockSupport.parkNanos(2_000_000);
            Object monitor = new Object();
            synchronized (monitor) {
                monitor.wait(2);
            }
            Thread.yield();
            try (var timer = Time.after(Duration.ofMillis(2))) {
                timer.await();
            }
        })
                .join();
    }

    @Test
    void itsDeadlinesStillHold() throws Exception {
        var timedOut = new AtomicBoolean();
        afterClose(() -> {
            try {
                Time.timeout(Duration.ofMillis(2), () -> Time.sleep(Duration.ofDays(1)));
            } catch (TimeoutException e) {
                timedOut.set(true);
            }
        })
                .join();
        assertThat(timedOut).isTrue();
    }

    @Test
    void itCanStillBeAborted() throws Exception {
        Oneshot<Void> sleeping = Oneshot.signal();
        JoinHandle<?> task = afterClose(() -> {
            sleeping.sender().signal();
            Time.sleep(Duration.ofDays(1));
        });
        sleeping.receiver().await();
        task.abort();
        await().until(task::isCancelled);
    }

    @Test
    void itKnowsWhoItIsAndItsSpawnsAreCancelled() throws Exception {
        var id = new long[1];
        var cancelled = new boolean[2];
        JoinHandle<?> task = afterClose(() -> {
            id[0] = Task.current().orElseThrow().id();
            cancelled[0] = Task.spawn(() -> 1).isCancelled();
            cancelled[1] = Task.spawnBlocking(() -> 1).isCancelled();
        });
        task.join();
        assertThat(id[0]).isEqualTo(task.id());
        assertThat(cancelled).containsOnly(true);
    }

    @Test
    void timersThatWereSetBeforeStillFire() throws Exception {
        Oneshot<Void> started = Oneshot.signal();
        var woken = new AtomicInteger();
        int sleepers = 50;
        var asleep = new CountDownLatch(sleepers);
        List<JoinHandle<?>> tasks = new ArrayList<>();
        for (int i = 0; i < sleepers; i++) {
            int n = i;
            tasks.add(weft.spawn(() -> {
                asleep.countDown();
                long until = System.nanoTime() + 100_000_000;
                for (long left; (left = until - System.nanoTime()) > 0;) {
                    try {
                        if (n % 2 == 0) {
                            Time.sleep(Duration.ofNanos(left));
                        } else {
                            Thread.sleep(Duration.ofNanos(left));
                        }
                    } catch (InterruptedException e) {
                        // goes to sleep again, on purpose
                    }
                }
                woken.incrementAndGet();
            }));
        }
        asleep.await();
        started.sender().signal();
        weft.shutdown(Duration.ZERO, Duration.ZERO);
        for (JoinHandle<?> task : tasks) {
            task.join();
        }
        assertThat(woken).hasValue(sleepers);
    }

    @Test
    void tasksParkedOnALockGoOnWhenItIsFree() throws Exception {
        var lock = new ReentrantLock();
        lock.lock();
        int waiters = 50;
        var through = new AtomicInteger();
        List<JoinHandle<?>> tasks = new ArrayList<>();
        for (int i = 0; i < waiters; i++) {
            tasks.add(weft.spawn(() -> {
                lock.lock();
                try {
                    through.incrementAndGet();
                } finally {
                    lock.unlock();
                }
            }));
        }
        await().until(() -> lock.getQueueLength() == waiters);
        weft.shutdown(Duration.ZERO, Duration.ZERO);
        lock.unlock();
        for (JoinHandle<?> task : tasks) {
            task.join();
        }
        assertThat(through).hasValue(waiters);
        if (Runtimes.dedicated()) {
            assertThat(weft.metrics().forwarded()).isPositive();
        }
    }

    @Test
    void guestsGoOn() throws Exception {
        var ticks = new AtomicInteger();
        var stop = new AtomicBoolean();
        var lock = new ReentrantLock();
        lock.lock();
        List<Thread> guests = weft.blockOn(() -> {
            List<Thread> all = new ArrayList<>();
            all.add(Thread.ofVirtual().start(() -> {
                while (!stop.get()) {
                    try {
                        Thread.sleep(1);
                    } catch (InterruptedException e) {
                        return;
                    }
                    ticks.incrementAndGet();
                }
            }));
            for (int i = 0; i < 50; i++) {
                all.add(Thread.ofVirtual().start(() -> {
                    lock.lock();
                    lock.unlock();
                    Thread.yield();
                }));
            }
            return all;
        });
        await().until(() -> ticks.get() > 0 && lock.getQueueLength() == 50);
        weft.close();
        int atClose = ticks.get();
        await().until(() -> ticks.get() >= atClose + 5);
        lock.unlock();
        stop.set(true);
        for (Thread guest : guests) {
            guest.join();
        }
    }

    @Test
    void threadsOfTheFactoryCanBeStartedAfterClose() throws Exception {
        weft.close();
        Oneshot<Integer> said = Oneshot.create();
        Thread late = weft.threadFactory().newThread(() -> said.sender().send(1));
        late.start();
        assertThat(said.receiver().receive()).isEqualTo(1);
        late.join();
    }

    private static void echo(Socket socket) throws IOException {
        try (socket) {
            var in = new DataInputStream(socket.getInputStream());
            var out = new DataOutputStream(socket.getOutputStream());
            for (int n; (n = in.readInt()) != 0;) {
                out.writeInt(n);
                out.flush();
            }
        }
    }

    @Test
    void socketsGoOn() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread acceptor = weft.spawn(() -> Thread.ofVirtual().start(() -> {
                try {
                    for (;;) {
                        Socket socket = server.accept();
                        Thread.ofVirtual().start(() -> {
                            try {
                                echo(socket);
                            } catch (IOException e) {
                                // the peer hung up
                            }
                        });
                    }
                } catch (IOException e) {
                    // the server was closed
                }
            }))
                    .join();
            try (Socket client = new Socket(server.getInetAddress(), server.getLocalPort())) {
                var in = new DataInputStream(client.getInputStream());
                var out = new DataOutputStream(client.getOutputStream());
                out.writeInt(1);
                assertThat(in.readInt()).isEqualTo(1);
                weft.close();
                for (int n = 2; n < 20; n++) {
                    out.writeInt(n);
                    assertThat(in.readInt()).isEqualTo(n);
                }
                out.writeInt(0);
            }
            // A connection that is new after the close, made on the JDK's own scheduler.
            var answered = new AtomicBoolean();
            Thread.startVirtualThread(() -> {
                try (Socket client = new Socket(server.getInetAddress(), server.getLocalPort())) {
                    new DataOutputStream(client.getOutputStream()).writeInt(5);
                    answered.set(new DataInputStream(client.getInputStream()).readInt() == 5);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            })
                    .join();
            assertThat(answered).isTrue();
            server.close();
            acceptor.join();
        }
    }

    @Test
    void anotherRuntimeIsNotTouched() throws Exception {
        WeftRuntime other = runtimes.start(builder -> builder.name("other"));
        JoinHandle<Integer> there = other.spawn(() -> {
            Time.sleep(Duration.ofMillis(5));
            return 1;
        });
        weft.close();
        assertThat(there.join()).isEqualTo(1);
        assertThat(other.state()).isEqualTo(WeftRuntime.State.RUNNING);
    }

    @Test
    @Tag("dedicated-only")
    void aTaskStuckInACpuLoopLeavesItsWorkerWhenItIsDone() throws Exception {
        Stuck stuck = new Stuck();
        JoinHandle<?> task = weft.spawn(() -> {
            stuck.inCpuLoop();
            assertThat(Thread.interrupted()).isTrue();
            Time.sleep(Duration.ofMillis(1));
            Thread.sleep(1);
        });
        await().until(() -> stuck.entered() == 1);
        weft.shutdown(Duration.ZERO, Duration.ofMillis(5));
        stuck.release();
        task.join();
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("weft-test-")));
    }
}
