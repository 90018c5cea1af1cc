/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.blocking;

import static dev.weft.internal.blocking.TestHost.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.weft.internal.task.TaskCell;
import dev.weft.task.WhenFull;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BlockingPoolResizeTests {

    private static final Duration SHORT = Duration.ofMillis(20);

    @Test
    void moreThreadsTakeUpQueuedJobsAtOnce() throws Exception {
        try (TestPool test = TestPool.withThreads(1)) {
            test.hold(1);
            var all = new CyclicBarrier(7);
            List<TaskCell<Integer>> jobs = new ArrayList<>();
            for (int i = 0; i < 7; i++) {
                jobs.add(test.submit(() -> all.await(30, TimeUnit.SECONDS)));
            }
            test.pool.resize(8);
            for (TaskCell<Integer> job : jobs) {
                job.join();
            }
            assertThat(test.metrics().threads()).isEqualTo(8);
            assertThat(test.pool.limits().maxThreads()).isEqualTo(8);
        }
    }

    @Test
    void surplusIdleThreadsLeaveAtOnce() {
        try (TestPool test = TestPool.withThreads(8)) {
            test.hold(8);
            test.letGo();
            eventually().until(() -> test.metrics().idleThreads() == 8);
            test.pool.resize(3);
            eventually().until(() -> test.metrics().threads() == 3);
            assertThat(test.metrics().idleThreads()).isEqualTo(3);
        }
    }

    @Test
    void surplusBusyThreadsLeaveAfterTheirJob() throws Exception {
        try (TestPool test = TestPool.withThreads(8)) {
            List<TaskCell<?>> held = test.hold(8);
            List<TaskCell<Integer>> queued = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                queued.add(test.submit(() -> 1));
            }
            test.pool.resize(2);
            assertThat(test.metrics().threads()).isEqualTo(8);
            assertThat(held).noneMatch(TaskCell::isDone);
            test.letGo();
            for (TaskCell<Integer> job : queued) {
                job.join();
            }
            eventually().until(() -> test.metrics().threads() == 2);
            eventually().until(() -> test.metrics().completed() == 28);
        }
    }

    @Test
    void neverMoreJobsRunThanTheNewLimitAllows() throws Exception {
        try (TestPool test = TestPool.withThreads(8)) {
            test.hold(8);
            test.pool.resize(2);
            var running = new AtomicInteger();
            var most = new AtomicInteger();
            List<TaskCell<?>> jobs = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                jobs.add(test.submit(() -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    Thread.yield();
                    return running.decrementAndGet();
                }));
            }
            test.letGo();
            for (TaskCell<?> job : jobs) {
                job.join();
            }
            assertThat(most.get()).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void noJobIsLostWhileTheSizeChangesUnderLoad() throws Exception {
        try (TestPool test = TestPool.withThreads(4)) {
            var stop = new AtomicBoolean();
            Thread resizer = Thread.ofPlatform().start(() -> {
                for (int n = 1; !stop.get(); n = n % 16 + 1) {
                    test.pool.resize(n);
                    Thread.yield();
                }
            });
            for (int batch = 0; batch < 200; batch++) {
                List<TaskCell<Integer>> jobs = new ArrayList<>();
                for (int i = 0; i < 50; i++) {
                    int n = i;
                    jobs.add(test.submit(() -> n));
                }
                for (int i = 0; i < 50; i++) {
                    assertThat(jobs.get(i).join()).isEqualTo(i);
                }
            }
            stop.set(true);
            resizer.join();
            test.pool.resize(2);
            eventually().until(() -> test.pool.isIdle() && test.metrics().threads() <= 2);
            assertThat(test.metrics().completed()).isEqualTo(10_000);
        }
    }

    @Test
    void jobIsNotLeftToThreadsThatAreAboutToLeave() throws Exception {
        try (TestPool test = TestPool.withThreads(4)) {
            for (int round = 0; round < 200; round++) {
                test.pool.resize(4);
                var all = new CyclicBarrier(4);
                for (int i = 0; i < 4; i++) {
                    test.submit(() -> all.await(30, TimeUnit.SECONDS));
                }
                eventually().until(() -> test.metrics().idleThreads() == 4);
                test.pool.resize(1);
                assertThat(test.submit(() -> null).await(TimeUnit.SECONDS.toNanos(10))).isTrue();
            }
        }
    }

    @Test
    void badValuesChangeNothing() {
        try (TestPool test = TestPool.withThreads(4)) {
            BlockingLimits before = test.pool.limits();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> test.pool.resize(0))
                    .withMessageContaining("blocking.max-threads");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> test.pool.keepAlive(Duration.ofSeconds(-1)))
                    .withMessageContaining("blocking.keep-alive");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> test.pool.queueCapacity(-1))
                    .withMessageContaining("blocking.queue-capacity");
            assertThat(test.pool.limits()).isEqualTo(before);
        }
    }

    // ---- keep-alive ------------------------------------------------------------------------------------------------

    @Test
    void idleThreadsLeaveAfterTheKeepAliveTime() throws Exception {
        try (TestPool test = TestPool.of(8, SHORT, 0, WhenFull.REJECT, TestPool.LONG)) {
            test.hold(8);
            test.letGo();
            eventually().until(() -> test.metrics().threads() == 0);
            assertThat(test.submit(() -> 1).join()).isEqualTo(1);
        }
    }

    @Test
    void busyThreadStaysHoweverShortTheKeepAliveTime() {
        try (TestPool test = TestPool.of(8, Duration.ZERO, 0, WhenFull.REJECT, TestPool.LONG)) {
            test.hold(2);
            for (int i = 0; i < 50; i++) {
                test.submit(() -> null);
            }
            eventually().until(() -> test.metrics().completed() == 50);
            eventually().until(() -> test.metrics().threads() == 2);
        }
    }

    @Test
    void threadsThatAreNotNeededGetOldAndLeaveUnderSteadyLightLoad() throws Exception {
        try (TestPool test = TestPool.of(8, Duration.ofMillis(100), 0, WhenFull.REJECT, TestPool.LONG)) {
            test.hold(8);
            test.letGo();
            eventually().until(() -> {
                test.submit(() -> null).join();
                return test.metrics().threads() <= 2;
            });
            assertThat(test.metrics().threads()).isGreaterThan(0);
        }
    }

    @Test
    void shorterKeepAliveTimeCountsForThreadsThatAreIdleNow() {
        try (TestPool test = TestPool.withThreads(4)) {
            test.hold(4);
            test.letGo();
            eventually().until(() -> test.metrics().idleThreads() == 4);
            test.pool.keepAlive(SHORT);
            eventually().until(() -> test.metrics().threads() == 0);
            assertThat(test.pool.limits().keepAlive()).isEqualTo(SHORT);
        }
    }

    @Test
    void longerKeepAliveTimeCountsForThreadsThatAreIdleNow() {
        try (TestPool test = TestPool.of(4, Duration.ofMillis(500), 0, WhenFull.REJECT, TestPool.LONG)) {
            test.hold(4);
            test.letGo();
            eventually().until(() -> test.metrics().idleThreads() == 4);
            test.pool.keepAlive(TestPool.LONG);
            eventually().during(Duration.ofMillis(800)).until(() -> test.metrics().threads() == 4);
        }
    }

    @Test
    void jobsThatComeJustWhenThreadsLeaveAreNotLost() throws Exception {
        try (TestPool test = TestPool.of(4, Duration.ofNanos(50_000), 0, WhenFull.REJECT, TestPool.LONG)) {
            for (int i = 0; i < 3_000; i++) {
                assertThat(test.submit(() -> 1).await(TimeUnit.SECONDS.toNanos(30))).isTrue();
            }
        }
    }
}
