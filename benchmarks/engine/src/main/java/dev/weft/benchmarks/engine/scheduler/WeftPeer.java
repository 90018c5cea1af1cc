/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.scheduler;

import dev.weft.Mode;
import dev.weft.Task;
import dev.weft.WeftRuntime;
import dev.weft.benchmarks.engine.peer.PeerServer;
import dev.weft.benchmarks.engine.peer.Stall;
import dev.weft.benchmarks.engine.peer.Workload.Background;
import dev.weft.channel.Oneshot;
import dev.weft.scope.JoinSet;
import dev.weft.task.JoinHandle;
import dev.weft.task.TaskAction;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Weft in one of its modes. The root of {@code blockOn} is a task on the workers. */
final class WeftPeer implements SchedulerPeer<JoinHandle<@Nullable Void>> {

    private static final TaskAction NOTHING = () -> {};
    private static final Callable<Integer> YIELD_ONCE = () -> {
        Task.yieldNow();
        return 2;
    };

    private final WeftRuntime runtime;

    private WeftPeer(Mode mode) {
        runtime = WeftRuntime.builder()
                .name("benchmark")
                .workerThreads(WORKERS)
                .mode(mode)
                .build();
    }

    /** Takes the peer's name, which is {@code weft} or {@code weft-shared}. */
    public static void main(String[] args) throws IOException {
        String name = args[0];
        try (WeftPeer peer = new WeftPeer(name.equals("weft-shared") ? Mode.SHARED : Mode.DEDICATED)) {
            PeerServer.serve(name, "0.1.0 " + peer.runtime.mode(), SchedulerShapes.of(peer));
        }
    }

    @Override
    public void chainedSpawn(int length) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        runtime.blockOn(() -> {
            Task.spawn(() -> link(length, done));
            done.await();
        });
    }

    private static void link(int left, CountDownLatch done) {
        if (left == 0) {
            done.countDown();
        } else {
            Task.spawn(() -> link(left - 1, done));
        }
    }

    @Override
    public void spawnManyLocal(int tasks) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        AtomicInteger left = new AtomicInteger(tasks);
        runtime.blockOn(() -> {
            for (int i = 0; i < tasks; i++) {
                Task.spawn(() -> {
                    if (left.decrementAndGet() == 0) {
                        done.countDown();
                    }
                });
            }
            done.await();
        });
    }

    @Override
    public JoinHandle<@Nullable Void> spawnEmpty() {
        return runtime.spawn(NOTHING);
    }

    @Override
    public void joinAll(List<JoinHandle<@Nullable Void>> handles) throws InterruptedException {
        runtime.blockOn(() -> {
            for (JoinHandle<@Nullable Void> handle : handles) {
                handle.join();
            }
        });
    }

    @Override
    public Background keepBusyYielding() {
        RepeatingLoad load = new RepeatingLoad(2 * WORKERS);
        for (int i = 0; i < 2 * WORKERS; i++) {
            runtime.spawn(() -> {
                while (load.wanted()) {
                    Task.yieldNow();
                    Stall.once();
                }
                load.ended();
            });
        }
        return load;
    }

    @Override
    public Background keepBusySpawning() {
        RepeatingLoad load = new RepeatingLoad(WORKERS);
        for (int i = 0; i < WORKERS; i++) {
            runtime.spawn(() -> busyLink(load));
        }
        return load;
    }

    private static void busyLink(RepeatingLoad load) {
        if (load.wanted()) {
            Stall.once();
            Task.spawn(() -> busyLink(load));
        } else {
            load.ended();
        }
    }

    @Override
    public void pingPong(int exchanges) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        AtomicInteger left = new AtomicInteger(exchanges);
        runtime.blockOn(() -> {
            Task.spawn(() -> {
                for (int i = 0; i < exchanges; i++) {
                    Task.spawn(() -> {
                        exchange();
                        if (left.decrementAndGet() == 0) {
                            done.countDown();
                        }
                    });
                }
            });
            done.await();
        });
    }

    private static void exchange() throws InterruptedException {
        Oneshot<Void> ping = Oneshot.signal();
        Oneshot<Void> pong = Oneshot.signal();
        Task.spawn(() -> {
            ping.receiver().await();
            pong.sender().signal();
        });
        ping.sender().signal();
        pong.receiver().await();
    }

    @Override
    public void yieldMany(int tasks, int yields) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(tasks);
        for (int i = 0; i < tasks; i++) {
            runtime.spawn(() -> {
                for (int j = 0; j < yields; j++) {
                    Task.yieldNow();
                }
                done.countDown();
            });
        }
        done.await();
    }

    @Override
    public void spawnAndJoin(int tasks) throws InterruptedException {
        runtime.blockOn(() -> {
            List<JoinHandle<Integer>> handles = new ArrayList<>(tasks);
            for (int i = 0; i < tasks; i++) {
                handles.add(Task.spawn(YIELD_ONCE));
            }
            for (JoinHandle<Integer> handle : handles) {
                SchedulerPeer.checkYielded(handle.join());
            }
        });
    }

    @Override
    public void spawnBlocking(int tasks, int batches, int batch) throws InterruptedException {
        runtime.blockOn(() -> {
            List<JoinHandle<@Nullable Void>> parents = new ArrayList<>(tasks);
            for (int i = 0; i < tasks; i++) {
                parents.add(Task.spawn(() -> runBatches(batches, batch)));
            }
            for (JoinHandle<@Nullable Void> parent : parents) {
                parent.join();
            }
        });
    }

    private static void runBatches(int batches, int batch) throws InterruptedException {
        List<JoinHandle<Integer>> jobs = new ArrayList<>(batch);
        for (int i = 0; i < batches; i++) {
            for (int j = 0; j < batch; j++) {
                int job = j;
                jobs.add(Task.spawnBlocking(() -> job));
            }
            for (JoinHandle<Integer> job : jobs) {
                job.join();
            }
            jobs.clear();
        }
    }

    @Override
    public void fanOutJoin(int children, int width) throws InterruptedException {
        runtime.blockOn(() -> {
            for (int i = 0; i < children / width; i++) {
                fanOut(width);
            }
        });
    }

    private static void fanOut(int width) throws InterruptedException {
        try (JoinSet<Integer> set = JoinSet.open()) {
            for (int i = 0; i < width; i++) {
                int child = i;
                set.spawn(() -> child);
            }
            long sum = 0;
            for (int value : set.joinAll()) {
                sum += value;
            }
            SchedulerPeer.checkSum(sum, width);
        }
    }

    @Override
    public void close() {
        runtime.close();
    }
}
