/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.channel.Oneshot;
import dev.weft.task.JoinHandle;
import dev.weft.time.Time;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever tasks do to each other, every other one gets its turn. Most of it is Weft's own promise: on the JDK's
 * scheduler tasks that yield, or spawn their successors, keep out work from outside for ever.
 */
@Timeout(60)
class FairnessTests {

    @RegisterExtension
    final Runtimes runtimes = new Runtimes();

    final AtomicBoolean stop = new AtomicBoolean();

    @AfterEach
    void stopTheLoad() {
        stop.set(true);
    }

    private void yieldingLoad(WeftRuntime weft, int tasks) {
        for (int i = 0; i < tasks; i++) {
            weft.spawn(() -> {
                while (!stop.get()) {
                    Task.yieldNow();
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    @Tag("dedicated-only")
    void theRootCompletesWhileOthersYieldForEver(int workers) throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(workers));
        yieldingLoad(weft, 10);
        assertThat(weft.<Integer, Exception>blockOn(() -> Task.spawn(() -> 3).join())).isEqualTo(3);
        assertThat(weft.spawn(() -> 4).join()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    @Tag("dedicated-only")
    void timersFireWhileOthersYieldForEver(int workers) throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(workers));
        yieldingLoad(weft, 100);
        weft.blockOn(() -> {
            for (int i = 0; i < 5; i++) {
                Time.sleep(Duration.ofMillis(2));
                Thread.sleep(1);
            }
        });
    }

    @Test
    void aTimerFiresForATaskThatAsksForItInABusyLoop() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(1));
        weft.blockOn(() -> {
            var timer = Time.after(Duration.ofMillis(10));
            while (!timer.isElapsed()) {
                Task.yieldNow();
            }
        });
    }

    @Test
    @Tag("dedicated-only")
    void socketsGoOnWhileOthersYieldForEver() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(2));
        yieldingLoad(weft, 100);
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            JoinHandle<Integer> accepted = weft.spawn(() -> {
                try (Socket socket = server.accept();
                        InputStream in = socket.getInputStream()) {
                    return in.read();
                }
            });
            weft.spawn(() -> {
                try (Socket socket = new Socket(server.getInetAddress(), server.getLocalPort());
                        OutputStream out = socket.getOutputStream()) {
                    out.write(7);
                }
            })
                    .join();
            assertThat(accepted.join()).isEqualTo(7);
        }
    }

    @Test
    @Tag("dedicated-only")
    void pairsThatWakeEachOtherDoNotStarveATaskThatYields() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(1));
        for (int i = 0; i < 50; i++) {
            var ping = new SynchronousQueue<Integer>();
            var pong = new SynchronousQueue<Integer>();
            weft.spawn(() -> {
                while (!stop.get()) {
                    ping.put(1);
                    pong.take();
                }
                ping.put(0);
            });
            weft.spawn(() -> {
                while (ping.take() == 1) {
                    pong.put(1);
                }
            });
        }
        weft.blockOn(() -> {
            for (int i = 0; i < 5; i++) {
                Task.yieldNow();
            }
        });
        stop.set(true);
    }

    private void respawn(WeftRuntime weft) {
        weft.spawn(() -> {
            if (!stop.get()) {
                respawn(weft);
            }
        });
    }

    @Test
    @Tag("dedicated-only")
    void aChainOfTasksThatOnlySpawnTheirSuccessorDoesNotStarveAWaiter() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(1));
        respawn(weft);
        Oneshot<Integer> value = Oneshot.create();
        JoinHandle<Integer> waiter = weft.spawn(() -> value.receiver().receive());
        weft.spawn(() -> value.sender().send(5)).join();
        assertThat(waiter.join()).isEqualTo(5);
        weft.blockOn(() -> Time.sleep(Duration.ofMillis(2)));
    }

    @Test
    @Tag("dedicated-only")
    void workFromOutsideIsSeenWhileTheLocalQueueNeverEmpties() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(1));
        for (int i = 0; i < 20; i++) {
            respawn(weft);
        }
        for (int i = 0; i < 20; i++) {
            assertThat(weft.spawn(() -> 1).join()).isEqualTo(1);
        }
    }

    @Test
    void longChainsOfMessagesOnOneWorkerComeToAnEnd() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(1));
        int links = 200;
        int tracks = 20;
        List<JoinHandle<Integer>> ends = new ArrayList<>();
        List<Oneshot<Integer>> starts = new ArrayList<>();
        for (int track = 0; track < tracks; track++) {
            Oneshot<Integer> from = Oneshot.create();
            starts.add(from);
            for (int link = 0; link < links; link++) {
                Oneshot<Integer> source = from;
                Oneshot<Integer> target = Oneshot.create();
                weft.spawn(() -> target.sender().send(source.receiver().receive() + 1));
                from = target;
            }
            Oneshot<Integer> last = from;
            ends.add(weft.spawn(() -> last.receiver().receive()));
        }
        for (Oneshot<Integer> start : starts) {
            start.sender().send(0);
        }
        for (JoinHandle<Integer> end : ends) {
            assertThat(end.join()).isEqualTo(links);
        }
    }

    @Test
    @Tag("dedicated-only")
    void aTaskThatIsWokenOverAndOverDoesNotStarveOthers() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(1));
        var queue = new java.util.concurrent.LinkedTransferQueue<Integer>();
        weft.spawn(() -> {
            while (!stop.get()) {
                queue.poll(1, java.util.concurrent.TimeUnit.SECONDS);
            }
        });
        Thread outside = Thread.ofPlatform().start(() -> {
            while (!stop.get()) {
                queue.add(1);
                if (queue.size() > 100) {
                    Thread.yield();
                }
            }
        });
        assertThat(weft.spawn(() -> 1).join()).isEqualTo(1);
        weft.blockOn(() -> Time.sleep(Duration.ofMillis(2)));
        stop.set(true);
        outside.join();
    }
}
