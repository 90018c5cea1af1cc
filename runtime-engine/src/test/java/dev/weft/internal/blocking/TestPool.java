/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.blocking;

import dev.weft.internal.task.TaskCell;
import dev.weft.metrics.BlockingPoolMetrics;
import dev.weft.task.WhenFull;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/** A pool under test, with jobs that run until they are let go. */
final class TestPool implements AutoCloseable {

    static final Duration LONG = Duration.ofSeconds(30);

    final TestHost host;
    final BlockingPool pool;
    private final CountDownLatch held = new CountDownLatch(1);

    private TestPool(TestHost host, BlockingLimits limits, ThreadStarter starter) {
        this.host = host;
        this.pool = new BlockingPool("test", "weft-test-blocking-", host, limits, starter);
    }

    static TestPool withThreads(int maxThreads) {
        return of(maxThreads, LONG, 0, WhenFull.REJECT, LONG);
    }

    static TestPool withStarter(int maxThreads, int queueCapacity, ThreadStarter starter) {
        return withStarter(new TestHost(), maxThreads, queueCapacity, starter);
    }

    static TestPool withStarter(TestHost host, int maxThreads, int queueCapacity, ThreadStarter starter) {
        return new TestPool(
                host, new BlockingLimits(maxThreads, LONG, queueCapacity, WhenFull.REJECT, LONG), starter);
    }

    static TestPool full(WhenFull whenFull, Duration waitTimeout) {
        TestPool full = of(1, LONG, 1, whenFull, waitTimeout);
        full.fill();
        return full;
    }

    static TestPool of(
            int maxThreads, Duration keepAlive, int queueCapacity, WhenFull whenFull, Duration waitTimeout) {
        return of(new TestHost(), maxThreads, keepAlive, queueCapacity, whenFull, waitTimeout);
    }

    static TestPool of(
            TestHost host,
            int maxThreads,
            Duration keepAlive,
            int queueCapacity,
            WhenFull whenFull,
            Duration waitTimeout) {
        return new TestPool(
                host,
                new BlockingLimits(maxThreads, keepAlive, queueCapacity, whenFull, waitTimeout),
                Thread::start);
    }

    /** Occupies the only thread and the only place. */
    private void fill() {
        hold(1);
        submit(() -> null);
    }

    <T> TaskCell<T> submit(Callable<T> body) {
        TaskCell<T> job = host.task(body);
        pool.submit(job);
        return job;
    }

    /** Submits jobs that run until {@link #letGo}, and waits until all of them run. */
    List<TaskCell<?>> hold(int jobs) {
        var running = new CountDownLatch(jobs);
        List<TaskCell<?>> made = new ArrayList<>();
        for (int i = 0; i < jobs; i++) {
            made.add(submit(() -> {
                running.countDown();
                held.await();
                return null;
            }));
        }
        try {
            running.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return made;
    }

    void letGo() {
        held.countDown();
    }

    BlockingPoolMetrics metrics() {
        return pool.metrics();
    }

    @Override
    public void close() {
        letGo();
        pool.shutdown();
        pool.interruptAll("test is over");
        if (!pool.awaitTermination(LONG)) {
            throw new AssertionError("still " + pool.metrics());
        }
    }
}
