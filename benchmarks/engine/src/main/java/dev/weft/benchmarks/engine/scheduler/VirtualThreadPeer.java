/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.scheduler;

import dev.weft.benchmarks.engine.peer.PeerServer;
import dev.weft.benchmarks.engine.peer.Stall;
import dev.weft.benchmarks.engine.peer.Workload.Background;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Virtual threads on the JDK's own scheduler, in the cheapest form the JDK has for each shape: a bare thread where
 * nothing is returned, a {@link FutureTask} on a thread where something is. A per-task executor costs more.
 */
final class VirtualThreadPeer implements SchedulerPeer<Thread> {

    private static final int MAX_BLOCKING_THREADS = 512;
    private static final Runnable NOTHING = () -> {};
    private static final Callable<Integer> YIELD_ONCE = () -> {
        Thread.yield();
        return 2;
    };

    private final ExecutorService blocking = new ThreadPoolExecutor(0, MAX_BLOCKING_THREADS, 10, TimeUnit.SECONDS,
            new SynchronousQueue<>());

    public static void main(String[] args) throws IOException {
        try (VirtualThreadPeer peer = new VirtualThreadPeer()) {
            PeerServer.serve("jdk", Runtime.version().toString(), SchedulerShapes.of(peer));
        }
    }

    @Override
    public void chainedSpawn(int length) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        Thread.startVirtualThread(() -> link(length, done));
        done.await();
    }

    private static void link(int left, CountDownLatch done) {
        if (left == 0) {
            done.countDown();
        } else {
            Thread.startVirtualThread(() -> link(left - 1, done));
        }
    }

    @Override
    public void spawnManyLocal(int tasks) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        AtomicInteger left = new AtomicInteger(tasks);
        for (int i = 0; i < tasks; i++) {
            Thread.startVirtualThread(() -> {
                if (left.decrementAndGet() == 0) {
                    done.countDown();
                }
            });
        }
        done.await();
    }

    @Override
    public Thread spawnEmpty() {
        return Thread.startVirtualThread(NOTHING);
    }

    @Override
    public void joinAll(List<Thread> handles) throws InterruptedException {
        for (Thread handle : handles) {
            handle.join();
        }
    }

    @Override
    public Background keepBusyYielding() {
        RepeatingLoad load = new RepeatingLoad(2 * WORKERS);
        for (int i = 0; i < 2 * WORKERS; i++) {
            Thread.startVirtualThread(() -> {
                while (load.wanted()) {
                    Thread.yield();
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
            Thread.startVirtualThread(() -> busyLink(load));
        }
        return load;
    }

    private static void busyLink(RepeatingLoad load) {
        if (load.wanted()) {
            Stall.once();
            Thread.startVirtualThread(() -> busyLink(load));
        } else {
            load.ended();
        }
    }

    @Override
    public void pingPong(int exchanges) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        AtomicInteger left = new AtomicInteger(exchanges);
        Thread.startVirtualThread(() -> {
            for (int i = 0; i < exchanges; i++) {
                Thread.startVirtualThread(() -> {
                    exchange();
                    if (left.decrementAndGet() == 0) {
                        done.countDown();
                    }
                });
            }
        });
        done.await();
    }

    private static void exchange() {
        CompletableFuture<Boolean> ping = new CompletableFuture<>();
        CompletableFuture<Boolean> pong = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            ping.join();
            pong.complete(true);
        });
        ping.complete(true);
        pong.join();
    }

    @Override
    public void yieldMany(int tasks, int yields) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(tasks);
        for (int i = 0; i < tasks; i++) {
            Thread.startVirtualThread(() -> {
                for (int j = 0; j < yields; j++) {
                    Thread.yield();
                }
                done.countDown();
            });
        }
        done.await();
    }

    @Override
    public void spawnAndJoin(int tasks) throws InterruptedException, ExecutionException {
        List<Future<Integer>> handles = new ArrayList<>(tasks);
        for (int i = 0; i < tasks; i++) {
            handles.add(spawn(YIELD_ONCE));
        }
        for (Future<Integer> handle : handles) {
            SchedulerPeer.checkYielded(handle.get());
        }
    }

    @Override
    public void spawnBlocking(int tasks, int batches, int batch) throws InterruptedException {
        List<Thread> parents = new ArrayList<>(tasks);
        for (int i = 0; i < tasks; i++) {
            parents.add(Thread.startVirtualThread(() -> runBatches(batches, batch)));
        }
        joinAll(parents);
    }

    private void runBatches(int batches, int batch) {
        List<Future<Integer>> jobs = new ArrayList<>(batch);
        for (int i = 0; i < batches; i++) {
            for (int j = 0; j < batch; j++) {
                int job = j;
                jobs.add(blocking.submit(() -> job));
            }
            jobs.forEach(VirtualThreadPeer::resultOf);
            jobs.clear();
        }
    }

    @Override
    public void fanOutJoin(int children, int width) throws InterruptedException, ExecutionException {
        spawn(() -> {
            for (int i = 0; i < children / width; i++) {
                fanOut(width);
            }
            return 0;
        }).get();
    }

    private static void fanOut(int width) {
        List<Future<Integer>> handles = new ArrayList<>(width);
        for (int i = 0; i < width; i++) {
            int child = i;
            handles.add(spawn(() -> child));
        }
        long sum = 0;
        for (Future<Integer> handle : handles) {
            sum += resultOf(handle);
        }
        SchedulerPeer.checkSum(sum, width);
    }

    private static Future<Integer> spawn(Callable<Integer> body) {
        FutureTask<Integer> task = new FutureTask<>(body);
        Thread.startVirtualThread(task);
        return task;
    }

    private static int resultOf(Future<Integer> handle) {
        try {
            return handle.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        blocking.shutdown();
    }
}
