/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.channel.Oneshot;
import dev.weft.metrics.WorkerMetrics;
import dev.weft.task.JoinHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("dedicated-only")
@Timeout(60)
class RunnerReuseTests {

    private static final int MOST_IDLE = 64;

    @RegisterExtension
    final Runtimes runtimes = new Runtimes();

    final WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(1).stallThreshold(Duration.ofMinutes(1)));

    private WorkerMetrics worker() {
        return weft.metrics().workers().getFirst();
    }

    @Test
    void tasksThatFollowEachOtherUseOneThread() throws Exception {
        Set<Thread> threads = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int i = 0; i < 1_000; i++) {
            threads.add(weft.spawn(Thread::currentThread).join());
        }
        assertThat(threads).hasSize(1);
        assertThat(worker().runnersCreated()).isEqualTo(1);
    }

    @Test
    void aBurstOfTasksThatNeverSuspendUsesOneThread() throws Exception {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        weft.blockOn(() -> {
            threads.add(Thread.currentThread());
            List<JoinHandle<?>> handles = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                handles.add(Task.spawn(() -> threads.add(Thread.currentThread())));
            }
            for (JoinHandle<?> handle : handles) {
                handle.join();
            }
        });
        assertThat(threads).as("the parent's thread and one for all children").hasSize(2);
    }

    @Test
    void tasksThatAreSuspendedAtTheSameTimeHaveAThreadEach() throws Exception {
        int tasks = 100;
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        var suspended = new CountDownLatch(tasks);
        var go = new CountDownLatch(1);
        List<JoinHandle<?>> handles = new ArrayList<>();
        for (int i = 0; i < tasks; i++) {
            handles.add(weft.spawn(() -> {
                threads.add(Thread.currentThread());
                suspended.countDown();
                go.await();
            }));
        }
        suspended.await();
        assertThat(threads).hasSize(tasks);
        go.countDown();
        for (JoinHandle<?> handle : handles) {
            handle.join();
        }
    }

    @Test
    void idleThreadsAreBoundedAndTheRestEnd() throws Exception {
        tasksThatAreSuspendedAtTheSameTimeHaveAThreadEach();
        Set<Thread> before = ConcurrentHashMap.newKeySet();
        tasksSuspendedAtOnce(200, before);
        assertThat(weft.awaitQuiet(Duration.ofSeconds(30))).isTrue();
        await().untilAsserted(() -> assertThat(worker().idleRunners()).isLessThanOrEqualTo(MOST_IDLE));
        await().untilAsserted(
                () -> assertThat(before.stream().filter(Thread::isAlive).count())
                        .isLessThanOrEqualTo(MOST_IDLE));
    }

    private void tasksSuspendedAtOnce(int tasks, Set<Thread> threads) throws Exception {
        var suspended = new CountDownLatch(tasks);
        var go = new CountDownLatch(1);
        List<JoinHandle<?>> handles = new ArrayList<>();
        for (int i = 0; i < tasks; i++) {
            handles.add(weft.spawn(() -> {
                threads.add(Thread.currentThread());
                suspended.countDown();
                go.await();
            }));
        }
        suspended.await();
        go.countDown();
        for (JoinHandle<?> handle : handles) {
            handle.join();
        }
    }

    @Test
    void strayUnparksAndInterruptsOfIdleThreadsLoseNothing() throws Exception {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        tasksSuspendedAtOnce(8, threads);
        Thread harasser = Thread.ofPlatform().start(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                for (Thread thread : threads) {
                    LockSupport.unpark(thread);
                }
                Thread.onSpinWait();
            }
        });
        try {
            for (int i = 0; i < 5_000; i++) {
                int n = i;
                assertThat(weft.spawn(() -> n).join()).isEqualTo(n);
            }
        } finally {
            harasser.interrupt();
            harasser.join();
        }
    }

    @Test
    void idleThreadsAreDaemonsThatNobodyNamed() throws Exception {
        Thread idle = weft.named("had a name").spawn(Thread::currentThread).join();
        assertThat(weft.awaitQuiet(Duration.ofSeconds(30))).isTrue();
        await().until(() -> idle.getState() == Thread.State.WAITING);
        assertThat(idle.getName()).isEmpty();
        assertThat(idle.isDaemon()).isTrue();
    }

    @Test
    void aSuspendedTaskIsMountedOncePerWake() throws Exception {
        Oneshot<Void> one = Oneshot.signal();
        Oneshot<Void> two = Oneshot.signal();
        Oneshot<Void> passed = Oneshot.signal();
        JoinHandle<?> task = weft.spawn(() -> {
            one.receiver().await();
            passed.sender().signal();
            two.receiver().await();
        });
        awaitSuspended(task);
        assertThat(weft.task(task.id()).orElseThrow().slices()).isEqualTo(1);
        for (int i = 0; i < 100; i++) {
            weft.blockOn(() -> Task.spawn(() -> 1).join());
        }
        assertThat(weft.task(task.id()).orElseThrow().slices()).isEqualTo(1);
        one.sender().signal();
        passed.receiver().await();
        awaitSuspended(task);
        assertThat(weft.task(task.id()).orElseThrow().slices()).isEqualTo(2);
        two.sender().signal();
        task.join();
    }

    private void awaitSuspended(JoinHandle<?> task) {
        await().until(() -> weft.task(task.id())
                .map(info -> info.state() == dev.weft.metrics.TaskInfo.State.SUSPENDED)
                .orElse(false));
    }
}
