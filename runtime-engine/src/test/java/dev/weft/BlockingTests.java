/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.channel.Oneshot;
import dev.weft.metrics.BlockingPoolMetrics;
import dev.weft.task.JoinHandle;
import dev.weft.task.TaskCancelledException;
import dev.weft.task.TaskFailedException;
import dev.weft.task.WhenFull;
import dev.weft.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The blocking pool as a user of a runtime meets it; its own tests look closer. */
@Timeout(60)
class BlockingTests {

    @RegisterExtension
    final Runtimes runtimes = new Runtimes();

    final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void letGo() {
        release.countDown();
    }

    private static BlockingPoolMetrics pool(WeftRuntime weft) {
        return weft.metrics().blocking().get("main");
    }

    private List<JoinHandle<?>> held(WeftRuntime weft, int jobs) {
        List<JoinHandle<?>> all = new ArrayList<>();
        for (int i = 0; i < jobs; i++) {
            all.add(weft.spawnBlocking(() -> release.await()));
        }
        return all;
    }

    @Test
    void aJobRunsOnAPlatformThreadInsideTheRuntime() throws Exception {
        WeftRuntime weft = runtimes.start();
        weft.blockOn(() -> {
            JoinHandle<Thread> job = Task.named("render").spawnBlocking(() -> {
                assertThat(Task.current().orElseThrow().name()).isEqualTo("render");
                assertThat(Task.spawn(() -> 1).join()).isEqualTo(1);
                Time.sleep(Duration.ofMillis(1));
                return Thread.currentThread();
            });
            Thread thread = job.join();
            assertThat(thread.isVirtual()).isFalse();
            assertThat(thread.isDaemon()).isTrue();
            assertThat(thread.getName()).startsWith("weft-test-blocking-");
        });
    }

    @Test
    void anIdleThreadIsUsedAgainAndCleanForTheNextJob() throws Exception {
        WeftRuntime weft = runtimes.start();
        ThreadLocal<String> local = new ThreadLocal<>();
        Thread first = weft.spawnBlocking(() -> {
            local.set("left behind");
            Thread.currentThread().interrupt();
            return Thread.currentThread();
        })
                .join();
        await().until(() -> pool(weft).idleThreads() == 1);
        assertThat(weft.spawnBlocking(() -> {
            assertThat(Thread.currentThread()).isSameAs(first);
            return Thread.currentThread().isInterrupted();
        })
                .join()).isFalse();
        assertThat(pool(weft).threads()).isEqualTo(1);
        assertThat(pool(weft).peakThreads()).isEqualTo(1);
    }

    @Test
    void theQueueRisesAndReturnsToZero() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.blockingMaxThreads(2));
        List<JoinHandle<?>> jobs = held(weft, 10);
        await().untilAsserted(() -> assertThat(pool(weft).queued()).isEqualTo(8));
        assertThat(pool(weft).threads()).isEqualTo(2);
        release.countDown();
        for (JoinHandle<?> job : jobs) {
            job.join();
        }
        await().untilAsserted(() -> {
            assertThat(pool(weft).queued()).isZero();
            assertThat(pool(weft).completed()).isEqualTo(10);
            assertThat(pool(weft).submitted()).isEqualTo(10);
        });
    }

    @Test
    void moreThreadsAreUsedAsSoonAsTheyAreAllowed() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.blockingMaxThreads(1));
        var inside = new CountDownLatch(4);
        List<JoinHandle<?>> jobs = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            jobs.add(weft.spawnBlocking(() -> {
                inside.countDown();
                inside.await(); // none gets through before all four are here
            }));
        }
        weft.resizeBlocking(4);
        for (JoinHandle<?> job : jobs) {
            job.join();
        }
        assertThat(pool(weft).maxThreads()).isEqualTo(4);
    }

    @Test
    void fewerThreadsAreLeftWhenTheirJobsAreDone() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.blockingMaxThreads(8));
        List<JoinHandle<?>> jobs = held(weft, 8);
        await().until(() -> pool(weft).threads() == 8);
        weft.resizeBlocking(2);
        release.countDown();
        for (JoinHandle<?> job : jobs) {
            job.join();
        }
        await().untilAsserted(() -> assertThat(pool(weft).threads()).isLessThanOrEqualTo(2));
        assertThat(weft.spawnBlocking(() -> 1).join()).isEqualTo(1);
    }

    @Test
    void idleThreadsLeaveWhenTheirTimeIsUp() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.blockingKeepAlive(Duration.ofMillis(1)));
        weft.spawnBlocking(() -> 1).join();
        await().untilAsserted(() -> assertThat(pool(weft).threads()).isZero());
        assertThat(weft.spawnBlocking(() -> 2).join()).isEqualTo(2);
        WeftRuntime patient = runtimes.start(builder -> builder.blockingKeepAlive(Duration.ofDays(1)));
        patient.spawnBlocking(() -> 1).join();
        await().until(() -> pool(patient).idleThreads() == 1);
        patient.blockingKeepAlive(Duration.ofMillis(1));
        await().untilAsserted(() -> assertThat(pool(patient).threads()).isZero());
    }

    @Test
    void aFullQueueRejectsNamingItselfAndTheHandleIsCancelled() throws Exception {
        WeftRuntime weft = runtimes.start(
                builder -> builder.blockingMaxThreads(1).blockingQueueCapacity(1).blockingWhenFull(WhenFull.REJECT));
        held(weft, 2);
        assertThatThrownBy(() -> weft.spawnBlocking(() -> 1)).isInstanceOf(RejectedExecutionException.class);
        assertThat(pool(weft).rejected()).isEqualTo(1);
        weft.blockingQueueCapacity(2);
        JoinHandle<Integer> fits = weft.spawnBlocking(() -> 2);
        release.countDown();
        assertThat(fits.join()).isEqualTo(2);
    }

    @Test
    void aTaskThatWaitsForRoomSuspendsAndOthersGoOn() throws Exception {
        WeftRuntime weft = runtimes
                .start(builder -> builder.workerThreads(1).blockingMaxThreads(1).blockingQueueCapacity(1));
        held(weft, 2);
        Oneshot<Void> submitting = Oneshot.signal();
        JoinHandle<Integer> submitter = weft.spawn(() -> {
            submitting.sender().signal();
            return Task.spawnBlocking(() -> 3).join();
        });
        submitting.receiver().await();
        for (int i = 0; i < 10; i++) {
            assertThat(weft.spawn(() -> 1).join()).isEqualTo(1);
        }
        assertThat(submitter.isDone()).isFalse();
        release.countDown();
        assertThat(submitter.join()).isEqualTo(3);
    }

    @Test
    void aSubmitterThatMayRunTheJobItselfDoes() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.blockingMaxThreads(1).blockingQueueCapacity(1)
                .blockingWhenFull(WhenFull.CALLER_RUNS));
        held(weft, 2);
        JoinHandle<Thread> job = weft.spawnBlocking(Thread::currentThread);
        assertThat(job.isDone()).isTrue();
        assertThat(job.join()).isSameAs(Thread.currentThread());
        weft.blockOn(() -> {
            Thread me = Thread.currentThread();
            assertThat(Task.spawnBlocking(Thread::currentThread).join()).isSameAs(me);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        });
        assertThat(pool(weft).callerRuns()).isEqualTo(2);
    }

    @Test
    void anAbortInterruptsAJobThatRunsAndDropsOneThatWaits() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.blockingMaxThreads(1));
        Oneshot<Void> started = Oneshot.signal();
        JoinHandle<?> running = weft.spawnBlocking(() -> {
            started.sender().signal();
            release.await();
        });
        var ran = new AtomicBoolean();
        JoinHandle<?> waiting = weft.spawnBlocking(() -> ran.set(true));
        started.receiver().await();
        assertThat(waiting.abort("not wanted")).isTrue();
        assertThat(waiting.isCancelled()).isTrue();
        running.abort("enough");
        assertThatThrownBy(running::join).isInstanceOf(TaskCancelledException.class).hasMessageContaining("enough");
        assertThat(weft.spawnBlocking(() -> Thread.currentThread().isInterrupted()).join()).isFalse();
        assertThat(ran).isFalse();
    }

    @Test
    void aFailureOfAJobReachesItsJoiner() {
        WeftRuntime weft = runtimes.start();
        var mine = new IllegalStateException("mine");
        JoinHandle<?> job = weft.spawnBlocking(() -> {
            throw mine;
        });
        assertThatThrownBy(job::join).isInstanceOf(TaskFailedException.class).cause().isSameAs(mine);
    }

    @Test
    void afterShutdownNoThreadIsLeft() throws Exception {
        WeftRuntime weft = runtimes.start();
        for (int i = 0; i < 20; i++) {
            weft.spawnBlocking(() -> 1);
        }
        weft.shutdown(Duration.ofDays(1), Duration.ZERO);
        await().untilAsserted(() -> {
            assertThat(pool(weft).idleThreads()).isZero();
            assertThat(pool(weft).threads()).isZero();
        });
    }

    @Test
    void manyTasksSubmitManyJobs() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(2).blockingMaxThreads(4));
        var ran = new AtomicInteger();
        List<JoinHandle<?>> tasks = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            tasks.add(weft.spawn(() -> {
                for (int batch = 0; batch < 10; batch++) {
                    List<JoinHandle<?>> jobs = new ArrayList<>();
                    for (int n = 0; n < 8; n++) {
                        jobs.add(Task.spawnBlocking(ran::incrementAndGet));
                    }
                    for (JoinHandle<?> job : jobs) {
                        job.join();
                    }
                }
            }));
        }
        for (JoinHandle<?> task : tasks) {
            task.join();
        }
        assertThat(ran).hasValue(16 * 10 * 8);
    }
}
