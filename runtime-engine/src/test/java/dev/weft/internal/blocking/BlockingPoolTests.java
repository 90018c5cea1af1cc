/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.blocking;

import static dev.weft.internal.blocking.TestHost.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.internal.context.Contexts;
import dev.weft.internal.port.Ports;
import dev.weft.internal.task.TaskCell;
import dev.weft.metrics.BlockingPoolMetrics;
import dev.weft.task.TaskFailedException;
import dev.weft.task.WhenFull;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BlockingPoolTests {

    private final TestPool test = TestPool.withThreads(8);
    private final BlockingPool pool = test.pool;

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void jobRunsAndItsHandleTellsTheResult() throws Exception {
        assertThat(test.submit(() -> 42).join()).isEqualTo(42);
    }

    @Test
    void failureReachesTheHandleAndTheThreadGoesOn() throws Exception {
        assertThatThrownBy(test.submit(() -> {
            throw new IOException("disk");
        })::join)
                .isInstanceOf(TaskFailedException.class)
                .hasRootCauseMessage("disk");
        eventually().until(pool::isIdle);
        eventually().until(() -> test.metrics().idleThreads() == 1); // the joiner is told before the thread is back
        assertThat(test.submit(() -> 1).join()).isEqualTo(1);
        assertThat(test.metrics().peakThreads()).isEqualTo(1);
    }

    @Test
    void errorReachesTheHandleAndTheThreadGoesOn() throws Exception {
        assertThatThrownBy(test.submit(() -> {
            throw new StackOverflowError();
        })::join)
                .isInstanceOf(TaskFailedException.class);
        eventually().until(pool::isIdle);
        eventually().until(() -> test.metrics().idleThreads() == 1); // the joiner is told before the thread is back
        assertThat(test.submit(() -> 1).join()).isEqualTo(1);
        assertThat(test.metrics().peakThreads()).isEqualTo(1);
    }

    @Test
    void threadsArePlatformDaemonsNamedByNumber() throws Exception {
        test.hold(2);
        Thread thread = test.submit(Thread::currentThread).join();
        assertThat(thread.getName()).isEqualTo("weft-test-blocking-3");
        assertThat(thread.isDaemon()).isTrue();
        assertThat(thread.isVirtual()).isFalse();
    }

    @Test
    void jobSeesItsContextClassLoaderAndTheIdleThreadDoesNotKeepIt() throws Exception {
        try (var loader = new URLClassLoader("of the job", new URL[0], null)) {
            var job = new TaskCell<ClassLoader>(
                    test.host, () -> Thread.currentThread().getContextClassLoader(), loader);
            pool.submit(job);
            assertThat(job.join()).isSameAs(loader);
        }
        eventually().until(pool::isIdle);
        Thread thread = test.submit(Thread::currentThread).join();
        eventually().until(() -> test.metrics().idleThreads() == 1);
        assertThat(thread.getContextClassLoader()).isSameAs(ClassLoader.getSystemClassLoader());
    }

    @Test
    void threadDoesNotInheritFromTheSubmitter() throws Exception {
        var inherited = new InheritableThreadLocal<String>();
        inherited.set("of the submitter");
        assertThat(test.submit(inherited::get).join()).isNull();
    }

    @Test
    void jobKnowsItsRuntime() throws Exception {
        Contexts.install();
        assertThat(test.submit(() -> Ports.current().runtime()).join()).isSameAs(test.host);
    }

    @Test
    void idleThreadIsUsedBeforeANewOneIsStarted() throws Exception {
        for (int i = 0; i < 100; i++) {
            test.submit(() -> null).join();
            eventually().until(() -> test.metrics().idleThreads() == 1);
        }
        assertThat(test.metrics().peakThreads()).isEqualTo(1);
    }

    @Test
    void threadThatWorkedLastIsCalledFirst() throws Exception {
        test.hold(3);
        test.letGo();
        eventually().until(() -> test.metrics().idleThreads() == 3);
        Thread last = test.submit(Thread::currentThread).join();
        for (int i = 0; i < 10; i++) {
            eventually().until(() -> test.metrics().idleThreads() == 3);
            assertThat(test.submit(Thread::currentThread).join()).isSameAs(last);
        }
    }

    @Test
    void jobsThatNeedEachOtherRunAtTheSameTimeUpToTheMostThreads() throws Exception {
        for (int round = 0; round < 20; round++) {
            var all = new CyclicBarrier(8);
            List<TaskCell<Integer>> jobs = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                jobs.add(test.submit(() -> all.await(30, TimeUnit.SECONDS)));
            }
            for (TaskCell<Integer> job : jobs) {
                assertThat(job.join()).isBetween(0, 7);
            }
        }
        assertThat(test.metrics().peakThreads()).isLessThanOrEqualTo(8);
    }

    @Test
    void neverMoreJobsRunThanThereMayBeThreads() throws Exception {
        test.hold(8);
        var ninth = test.submit(() -> 9);
        assertThat(test.metrics().queued()).isEqualTo(1);
        assertThat(ninth.isDone()).isFalse();
        test.letGo();
        assertThat(ninth.join()).isEqualTo(9);
    }

    @Test
    void queuedJobsRunInTheOrderTheyCame() throws Exception {
        test.hold(8);
        pool.resize(1);
        List<Integer> order = new ArrayList<>();
        List<TaskCell<Boolean>> jobs = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            int n = i;
            jobs.add(test.submit(() -> order.add(n))); // one thread: no race
        }
        test.letGo();
        for (TaskCell<Boolean> job : jobs) {
            job.join();
        }
        assertThat(order).hasSize(100).isSorted();
    }

    @Test
    void jobMaySubmitJobs() throws Exception {
        pool.resize(2);
        assertThat(test.submit(() -> test.submit(() -> 7).join()).join()).isEqualTo(7);
    }

    @Test
    void metricsTellSizesAndCounts() throws Exception {
        test.hold(8);
        var queued = test.submit(() -> null);
        BlockingPoolMetrics busy = test.metrics();
        assertThat(busy.name()).isEqualTo("test");
        assertThat(busy.maxThreads()).isEqualTo(8);
        assertThat(busy.keepAlive()).isEqualTo(TestPool.LONG);
        assertThat(busy.whenFull()).isEqualTo("reject");
        assertThat(busy.waitTimeout()).isEqualTo(TestPool.LONG);
        assertThat(busy.threads()).isEqualTo(8);
        assertThat(busy.idleThreads()).isZero();
        assertThat(busy.queued()).isEqualTo(1);
        assertThat(busy.submitted()).isEqualTo(9);
        assertThat(busy.started()).isEqualTo(8);
        assertThat(busy.completed()).isZero();

        test.letGo();
        queued.join();
        eventually().until(() -> test.metrics().idleThreads() == 8);
        BlockingPoolMetrics idle = test.metrics();
        assertThat(idle.started()).isEqualTo(9);
        assertThat(idle.completed()).isEqualTo(9);
        assertThat(idle.peakThreads()).isEqualTo(8);
        assertThat(idle.queued()).isZero();
    }

    @Test
    void timesAreReadFromTheClockOfTheRuntime() throws Exception {
        var clock = new AtomicLong(1_000);
        try (TestPool timed = TestPool.of(new TestHost(clock::get), 1, TestPool.LONG, 0, WhenFull.REJECT,
                TestPool.LONG)) {
            var holding = timed.hold(1);
            var second = timed.submit(() -> clock.addAndGet(300));
            clock.addAndGet(100);
            timed.letGo();
            holding.getFirst().join();
            second.join();
            eventually().until(timed.pool::isIdle);

            BlockingPoolMetrics metrics = timed.metrics();
            assertThat(metrics.totalQueueTime()).isEqualTo(Duration.ofNanos(100));
            assertThat(metrics.maxQueueTime()).isEqualTo(Duration.ofNanos(100));
            assertThat(metrics.totalRunTime()).isEqualTo(Duration.ofNanos(400));
            assertThat(metrics.maxRunTime()).isEqualTo(Duration.ofNanos(300));
        }
    }

    @Test
    void isIdleOnlyWithoutAnyJob() throws Exception {
        assertThat(pool.isIdle()).isTrue();
        test.hold(1);
        assertThat(pool.isIdle()).isFalse();
        pool.resize(1);
        test.submit(() -> null);
        assertThat(pool.isIdle()).isFalse();
        test.letGo();
        eventually().until(pool::isIdle);
    }

    @Test
    void listsRunningJobsWithTheirThreadsAndQueuedOnes() {
        List<TaskCell<?>> running = test.hold(8);
        TaskCell<?> queued = test.submit(() -> null);
        record Seen(TaskCell<?> job, boolean running, boolean onThread) {}
        List<Seen> seen = new ArrayList<>();
        pool.forEachJob((job, isRunning, thread) -> {
            assertThat(thread).isSameAs(isRunning ? job.runner() : null);
            seen.add(new Seen(job, isRunning, thread != null));
        });
        List<Seen> expected = new ArrayList<>();
        running.forEach(job -> expected.add(new Seen(job, true, true)));
        expected.add(new Seen(queued, false, false));
        assertThat(seen).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void visitorMayUseThePool() {
        test.hold(1);
        pool.forEachJob((job, running, thread) -> test.submit(() -> null));
        eventually().until(() -> test.metrics().completed() == 1);
    }

    @Test
    void strayInterruptOfAnIdleThreadHitsNoJob() throws Exception {
        Thread thread = test.submit(Thread::currentThread).join();
        eventually().until(() -> test.metrics().idleThreads() == 1);
        thread.interrupt();
        assertThat(test.submit(() -> Thread.currentThread().isInterrupted()).join())
                .isFalse();
    }

    @Test
    void interruptStatusThatAJobLeavesDoesNotReachTheNext() throws Exception {
        pool.resize(1);
        test.submit(() -> {
            Thread.currentThread().interrupt();
            return null;
        })
                .join();
        assertThat(test.submit(() -> Thread.currentThread().isInterrupted()).join())
                .isFalse();
    }

    @Test
    void idleThreadKeepsNothingOfItsLastJob() throws Exception {
        var result = new WeakReference<>(test.submit(Object::new).join());
        eventually().until(() -> {
            System.gc();
            return result.get() == null;
        });
        assertThat(test.metrics().idleThreads()).isEqualTo(1);
    }

    @Test
    void namesItself() {
        assertThat(pool).hasToString("blocking pool 'test'");
    }
}
