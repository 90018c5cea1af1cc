/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.scheduler;

import dev.weft.benchmarks.engine.peer.PeerServer;
import dev.weft.benchmarks.engine.peer.Stall;
import dev.weft.benchmarks.engine.peer.Workload.Background;
import java.io.IOException;
import java.io.Serial;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.RecursiveTask;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Callbacks on a fork-join pool: what a Java program does that has no tasks which can wait. A wait becomes a
 * continuation that is submitted when the value is there, and a yield becomes a submission of the rest.
 */
final class ForkJoinPeer implements SchedulerPeer<ForkJoinTask<?>> {

    private static final Runnable NOTHING = () -> {};

    /** First in, first out, as for events; like the pool under virtual threads. */
    private final ForkJoinPool events = pool(true);

    /** Last in, first out, as for divide and conquer. */
    private final ForkJoinPool recursion = pool(false);

    public static void main(String[] args) throws IOException {
        try (ForkJoinPeer peer = new ForkJoinPeer()) {
            PeerServer.serve("fjp", Runtime.version().toString(), SchedulerShapes.of(peer));
        }
    }

    private static ForkJoinPool pool(boolean firstInFirstOut) {
        return new ForkJoinPool(
                WORKERS, ForkJoinPool.defaultForkJoinWorkerThreadFactory, null, firstInFirstOut);
    }

    @Override
    public void chainedSpawn(int length) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        events.execute(() -> link(length, done));
        done.await();
    }

    private void link(int left, CountDownLatch done) {
        if (left == 0) {
            done.countDown();
        } else {
            events.execute(() -> link(left - 1, done));
        }
    }

    @Override
    public void spawnManyLocal(int tasks) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        AtomicInteger left = new AtomicInteger(tasks);
        for (int i = 0; i < tasks; i++) {
            events.execute(() -> {
                if (left.decrementAndGet() == 0) {
                    done.countDown();
                }
            });
        }
        done.await();
    }

    @Override
    public ForkJoinTask<?> spawnEmpty() {
        return events.submit(NOTHING);
    }

    @Override
    public void joinAll(List<ForkJoinTask<?>> handles) {
        for (ForkJoinTask<?> handle : handles) {
            handle.join();
        }
    }

    @Override
    public Background keepBusyYielding() {
        return keepBusy(2 * WORKERS);
    }

    /** Without tasks that can yield, a busy task is a chain of short ones, here as above. */
    @Override
    public Background keepBusySpawning() {
        return keepBusy(WORKERS);
    }

    private Background keepBusy(int chains) {
        RepeatingLoad load = new RepeatingLoad(chains);
        for (int i = 0; i < chains; i++) {
            events.execute(() -> busyLink(load));
        }
        return load;
    }

    private void busyLink(RepeatingLoad load) {
        if (load.wanted()) {
            Stall.once();
            events.execute(() -> busyLink(load));
        } else {
            load.ended();
        }
    }

    @Override
    public void pingPong(int exchanges) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        AtomicInteger left = new AtomicInteger(exchanges);
        Runnable finish = () -> {
            if (left.decrementAndGet() == 0) {
                done.countDown();
            }
        };
        events.execute(() -> {
            for (int i = 0; i < exchanges; i++) {
                events.execute(() -> exchange(finish));
            }
        });
        done.await();
    }

    private void exchange(Runnable finish) {
        CompletableFuture<Boolean> ping = new CompletableFuture<>();
        CompletableFuture<Boolean> pong = new CompletableFuture<>();
        events.execute(() -> ping.thenRunAsync(() -> pong.complete(true), events));
        ping.complete(true);
        pong.thenRunAsync(finish, events);
    }

    @Override
    public void yieldMany(int tasks, int yields) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(tasks);
        for (int i = 0; i < tasks; i++) {
            events.execute(new Yielding(yields, done));
        }
        done.await();
    }

    private final class Yielding implements Runnable {

        private final CountDownLatch done;
        private int left;

        Yielding(int yields, CountDownLatch done) {
            this.left = yields;
            this.done = done;
        }

        @Override
        public void run() {
            if (left-- == 0) {
                done.countDown();
            } else {
                events.execute(this);
            }
        }
    }

    @Override
    public void spawnAndJoin(int tasks) {
        List<CompletableFuture<Integer>> handles = new ArrayList<>(tasks);
        for (int i = 0; i < tasks; i++) {
            handles.add(CompletableFuture.runAsync(NOTHING, events).thenApplyAsync(nothing -> 2, events));
        }
        for (CompletableFuture<Integer> handle : handles) {
            SchedulerPeer.checkYielded(handle.join());
        }
    }

    @Override
    public void spawnBlocking(int tasks, int batches, int batch) {
        throw new UnsupportedOperationException("a fork-join pool has no threads for blocking jobs");
    }

    @Override
    public void fanOutJoin(int children, int width) {
        recursion.invoke(new Parent(children, width));
    }

    private static final class Parent extends RecursiveTask<Integer> {

        @Serial
        private static final long serialVersionUID = 1;

        private final int children;
        private final int width;

        Parent(int children, int width) {
            this.children = children;
            this.width = width;
        }

        @Override
        protected Integer compute() {
            Child[] forked = new Child[width];
            for (int i = 0; i < children / width; i++) {
                fanOut(forked);
            }
            return children;
        }

        /** Joins the youngest first: it is still on top of this worker's queue, so joining it runs it. */
        private void fanOut(Child[] forked) {
            for (int i = 0; i < width; i++) {
                forked[i] = new Child(i);
                forked[i].fork();
            }
            long sum = 0;
            for (int i = width - 1; i >= 0; i--) {
                sum += forked[i].join();
            }
            SchedulerPeer.checkSum(sum, width);
        }
    }

    private static final class Child extends RecursiveTask<Integer> {

        @Serial
        private static final long serialVersionUID = 1;

        private final int index;

        Child(int index) {
            this.index = index;
        }

        @Override
        protected Integer compute() {
            return index;
        }
    }

    @Override
    public void close() {
        events.shutdown();
        recursion.shutdown();
    }
}
