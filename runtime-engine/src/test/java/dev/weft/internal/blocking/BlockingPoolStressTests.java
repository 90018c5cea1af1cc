/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.blocking;

import static dev.weft.internal.blocking.TestHost.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.internal.task.TaskCell;
import dev.weft.metrics.BlockingPoolMetrics;
import dev.weft.task.WhenFull;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Everything at once: each job runs once, or is aborted, or is rejected, and the counts agree. */
@Tag("stress")
@Timeout(300)
class BlockingPoolStressTests {

    private static final int SUBMITTERS = 6;
    private static final int JOBS = 4_000;

    private static final class Probe {
        final AtomicInteger runs = new AtomicInteger();
        TaskCell<?> task;
        boolean rejected;
    }

    @ParameterizedTest
    @EnumSource(WhenFull.class)
    void eachJobRunsOnceOrIsAbortedOrRejected(WhenFull whenFull) throws Exception {
        for (int round = 0; round < 10; round++) {
            race(whenFull, false);
        }
    }

    @ParameterizedTest
    @EnumSource(WhenFull.class)
    void shutdownInTheMiddleLosesNothing(WhenFull whenFull) throws Exception {
        for (int round = 0; round < 10; round++) {
            race(whenFull, true);
        }
    }

    private static void race(WhenFull whenFull, boolean shutDownEarly) throws Exception {
        var test = TestPool.of(4, Duration.ofNanos(200_000), 8, whenFull, Duration.ofMillis(5));
        var stop = new AtomicBoolean();
        Thread changer = Thread.ofPlatform().start(() -> changeLimits(test.pool, stop));
        List<List<Probe>> probes = new ArrayList<>();
        List<Thread> submitters = new ArrayList<>();
        for (int i = 0; i < SUBMITTERS; i++) {
            List<Probe> mine = new ArrayList<>();
            probes.add(mine);
            Runnable body = () -> submit(test, mine);
            submitters.add(i % 2 == 0 ? Thread.ofVirtual().start(body) : Thread.ofPlatform().start(body));
        }
        if (shutDownEarly) {
            eventually().until(() -> offered(test.metrics()) > JOBS);
            test.pool.shutdown();
            test.pool.interruptAll("shut down early");
        }
        for (Thread submitter : submitters) {
            submitter.join();
        }
        stop.set(true);
        changer.join();
        test.pool.shutdown();
        assertThat(test.pool.awaitTermination(TestPool.LONG)).as("%s", test.metrics()).isTrue();
        check(test.metrics(), probes.stream().flatMap(List::stream).toList());
    }

    private static long offered(BlockingPoolMetrics metrics) {
        return metrics.submitted() + metrics.rejected() + metrics.callerRuns();
    }

    private static void changeLimits(BlockingPool pool, AtomicBoolean stop) {
        var random = ThreadLocalRandom.current();
        while (!stop.get()) {
            pool.resize(1 + random.nextInt(8));
            pool.queueCapacity(random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(16));
            pool.keepAlive(Duration.ofNanos(random.nextInt(300_000)));
            pool.metrics();
            Thread.yield();
        }
    }

    private static void submit(TestPool test, List<Probe> mine) {
        var random = ThreadLocalRandom.current();
        for (int i = 0; i < JOBS; i++) {
            var probe = new Probe();
            probe.task = test.host.task(probe.runs::incrementAndGet);
            mine.add(probe);
            if (random.nextInt(50) == 0) {
                probe.task.abort("before it came");
            }
            try {
                test.pool.submit(probe.task);
            } catch (RejectedExecutionException e) {
                probe.rejected = true;
            }
            if (random.nextInt(3) == 0) {
                mine.get(random.nextInt(mine.size())).task.abort("at random");
            }
        }
    }

    private static void check(BlockingPoolMetrics metrics, List<Probe> probes) {
        int ran = 0;
        int rejected = 0;
        for (Probe probe : probes) {
            boolean cancelled = probe.task.isCancelled();
            assertThat(probe.runs.get()).isEqualTo(cancelled || probe.rejected ? 0 : 1);
            assertThat(probe.task.isDone()).isEqualTo(cancelled || !probe.rejected);
            ran += probe.runs.get();
            rejected += probe.rejected ? 1 : 0;
        }
        assertThat(metrics.rejected()).isEqualTo(rejected);
        assertThat(metrics.started()).isEqualTo(metrics.completed());
        assertThat(metrics.queued()).isZero();
        assertThat(metrics.threads()).isZero();
        assertThat(metrics.completed()).isBetween(ran - metrics.callerRuns(), (long) ran);
    }

    /** The bug to look for is a job that nobody comes for, because the pool believes that somebody does. */
    @RepeatedTest(20)
    void batchesOfShortJobsAlwaysEnd() throws Exception {
        try (TestPool test = TestPool.of(64, Duration.ofNanos(100_000), 0, WhenFull.REJECT, TestPool.LONG)) {
            List<Thread> writers = new ArrayList<>();
            var done = new AtomicInteger();
            for (int i = 0; i < 8; i++) {
                Runnable writer = () -> {
                    for (int batch = 0; batch < 200; batch++) {
                        List<TaskCell<?>> jobs = new ArrayList<>();
                        for (int j = 0; j < 16; j++) {
                            jobs.add(test.submit(done::incrementAndGet));
                        }
                        jobs.forEach(BlockingPoolStressTests::join);
                    }
                };
                writers.add(i % 2 == 0 ? Thread.ofVirtual().start(writer) : Thread.ofPlatform().start(writer));
            }
            for (Thread writer : writers) {
                assertThat(writer.join(TestPool.LONG)).as("%s", test.metrics()).isTrue();
            }
            assertThat(done.get()).isEqualTo(8 * 200 * 16);
        }
    }

    private static void join(TaskCell<?> job) {
        try {
            job.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
