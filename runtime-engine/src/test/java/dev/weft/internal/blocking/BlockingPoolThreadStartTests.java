/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.blocking;

import static dev.weft.internal.blocking.TestHost.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.internal.task.TaskCell;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BlockingPoolThreadStartTests {

    /** How many threads the system still gives. */
    private final AtomicInteger left = new AtomicInteger();

    private final AtomicInteger attempts = new AtomicInteger();

    @Test
    void jobIsRefusedWhenNotASingleThreadCanBeHad() {
        try (TestPool test = TestPool.withStarter(4, 0, this::start)) {
            TaskCell<?> job = test.host.task(() -> null);
            assertThatThrownBy(() -> test.pool.submit(job))
                    .isInstanceOf(RejectedExecutionException.class)
                    .hasMessage("blocking pool 'test' can't start a thread, and has no other")
                    .hasCauseInstanceOf(OutOfMemoryError.class);
            assertThat(test.metrics().threads()).isZero();
            assertThat(test.metrics().queued()).isZero();
            assertThat(test.metrics().rejected()).isEqualTo(1);
            assertThat(test.pool.isIdle()).isTrue();
        }
    }

    @Test
    void poolRecoversAsSoonAsThereAreThreadsAgain() throws Exception {
        try (TestPool test = TestPool.withStarter(4, 0, this::start)) {
            assertThatThrownBy(() -> test.submit(() -> null)).isInstanceOf(RejectedExecutionException.class);
            left.set(4);
            assertThat(test.submit(() -> Thread.currentThread().getName()).join())
                    .isEqualTo("weft-test-blocking-1");
        }
    }

    @Test
    void jobIsKeptWhileAnotherThreadExists() throws Exception {
        left.set(1);
        try (TestPool test = TestPool.withStarter(4, 0, this::start)) {
            test.hold(1);
            TaskCell<Integer> job = test.submit(() -> 2);
            assertThat(job.isDone()).isFalse();
            test.letGo();
            assertThat(job.join()).isEqualTo(2);
            assertThat(test.metrics().peakThreads()).isEqualTo(1);
        }
    }

    @Test
    void queueIsBoundedByWhatThreadsThereAreNotByThoseTheSystemRefuses() {
        left.set(1);
        try (TestPool test = TestPool.withStarter(64, 2, this::start)) {
            test.hold(1);
            test.submit(() -> null);
            test.submit(() -> null);
            assertThatThrownBy(() -> test.submit(() -> null))
                    .isInstanceOf(RejectedExecutionException.class)
                    .hasMessageContaining("is full");
        }
    }

    @Test
    void systemIsNotAskedAgainForEachJob() {
        left.set(1);
        try (TestPool test = TestPool.withStarter(64, 0, this::start)) {
            test.hold(1);
            for (int i = 0; i < 1_000; i++) {
                test.submit(() -> null);
            }
            assertThat(attempts.get()).isLessThan(100);
        }
    }

    @Test
    void queuedJobsGetThreadsOnceTheSystemHasThemAgain() {
        left.set(1);
        try (TestPool test = TestPool.withStarter(4, 0, this::start)) {
            test.hold(1);
            List<TaskCell<?>> jobs = new ArrayList<>(List.of(test.submit(() -> null)));
            left.set(3);
            eventually().until(() -> {
                jobs.add(test.submit(() -> null));
                return jobs.getFirst().isDone();
            });
            eventually().until(() -> jobs.stream().allMatch(TaskCell::isDone));
        }
    }

    @Test
    void threadThatDiesIsReplaced() throws Exception {
        var fault = new AtomicBoolean(true);
        var host = new TestHost(() -> {
            if (Thread.currentThread() instanceof PoolThread && fault.getAndSet(false)) {
                throw new IllegalStateException("clock");
            }
            return System.nanoTime();
        });
        try (TestPool test = TestPool.withStarter(host, 1, 0, thread -> {
            thread.setUncaughtExceptionHandler((dead, thrown) -> {});
            thread.start();
        })) {
            assertThat(test.submit(() -> Thread.currentThread().getName()).join()).isEqualTo("weft-test-blocking-2");
            assertThat(test.metrics().threads()).isEqualTo(1);
        }
    }

    private void start(Thread thread) {
        attempts.incrementAndGet();
        if (left.getAndUpdate(n -> Math.max(0, n - 1)) == 0) {
            throw new OutOfMemoryError("unable to create native thread");
        }
        thread.start();
    }
}
