/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.channel.Oneshot;
import dev.weft.metrics.TaskInfo;
import dev.weft.scope.JoinSet;
import dev.weft.task.JoinHandle;
import dev.weft.task.TaskCancelledException;
import dev.weft.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class TaskListTests {

    private static final Duration FOREVER = Duration.ofDays(1);

    @RegisterExtension
    final Runtimes runtimes = new Runtimes();

    final Stuck stuck = new Stuck();

    @AfterEach
    void letGo() {
        stuck.release();
    }

    private static void awaitState(WeftRuntime weft, JoinHandle<?> task, TaskInfo.State state) {
        await().until(() -> weft.task(task.id()).map(info -> info.state() == state).orElse(false));
    }

    @Test
    void aSuspendedTaskShowsWhatItWaitsForAndWhere() {
        WeftRuntime weft = runtimes.start();
        JoinHandle<?> task = weft.named("sleeper").spawn(() -> Time.sleep(FOREVER));
        awaitState(weft, task, TaskInfo.State.SUSPENDED);
        TaskInfo info = weft.task(task.id()).orElseThrow();
        assertThat(info.name()).isEqualTo("sleeper");
        assertThat(info.waitingFor()).isEqualTo("timer");
        assertThat(info.stack()).anyMatch(frame -> frame.getClassName().equals(TaskListTests.class.getName()));
        assertThat(info.stack()).anyMatch(frame -> frame.getMethodName().equals("sleep"));
        assertThat(info.thread()).isEqualTo("sleeper");
        assertThat(info.abortRequested()).isFalse();
        assertThat(info.age()).isNotNull().isGreaterThanOrEqualTo(Duration.ZERO);
        assertThat(info.slices() != null).isEqualTo(Runtimes.dedicated());
        Duration later = weft.task(task.id()).orElseThrow().age();
        assertThat(later).isGreaterThanOrEqualTo(info.age());
    }

    @Test
    void aJoinerShowsTheTaskItWaitsFor() {
        WeftRuntime weft = runtimes.start();
        JoinHandle<?> joined = weft.named("the joined one").spawn(() -> Time.sleep(FOREVER));
        JoinHandle<?> joiner = weft.spawn(() -> joined.join());
        awaitState(weft, joiner, TaskInfo.State.SUSPENDED);
        assertThat(weft.task(joiner.id()).orElseThrow().waitingFor()).contains("the joined one");
    }

    @Test
    @Tag("dedicated-only")
    void queuedAndRunningTasksAreToldApart() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(1).maxSpareWorkers(0));
        JoinHandle<?> running = weft.spawn(stuck::inCpuLoop);
        await().until(() -> stuck.entered() == 1);
        JoinHandle<?> injected = weft.named("injected").spawn(() -> {});
        awaitState(weft, running, TaskInfo.State.RUNNING);
        TaskInfo queued = weft.task(injected.id()).orElseThrow();
        assertThat(queued.state()).isEqualTo(TaskInfo.State.QUEUED);
        assertThat(queued.thread()).isNull();
        assertThat(queued.stack()).isEmpty();
        assertThat(weft.task(running.id()).orElseThrow().stack())
                .anyMatch(frame -> frame.getMethodName().equals("inCpuLoop"));
        assertThat(weft.abort(injected.id(), "found in the queue")).isTrue();
        assertThat(injected.isCancelled()).isTrue();
        assertThat(weft.task(injected.id())).isEmpty();
    }

    @Test
    @Tag("dedicated-only")
    void tasksInTheRingAndInTheSlotOfABusyWorkerAreListed() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(1).maxSpareWorkers(0));
        List<JoinHandle<?>> children = new ArrayList<>();
        Oneshot<Void> spawned = Oneshot.signal();
        weft.spawn(() -> {
            for (int i = 0; i < 5; i++) {
                children.add(Task.spawn(() -> {}));
            }
            spawned.sender().signal();
            stuck.inCpuLoop();
        });
        spawned.receiver().await();
        await().until(() -> stuck.entered() == 1);
        assertThat(weft.tasks(false, 100))
                .extracting(TaskInfo::id)
                .containsAll(children.stream().map(JoinHandle::id).toList());
    }

    @Test
    void blockingJobsAreListedWithTheirThreads() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.blockingMaxThreads(1));
        JoinHandle<?> running = weft.named("render").spawnBlocking(stuck::inCpuLoop);
        await().until(() -> stuck.entered() == 1);
        JoinHandle<?> waiting = weft.named("next").spawnBlocking(() -> {});
        TaskInfo info = weft.task(running.id()).orElseThrow();
        assertThat(info.state()).isEqualTo(TaskInfo.State.BLOCKING);
        assertThat(info.thread()).startsWith("weft-test-blocking-");
        assertThat(info.stack()).anyMatch(frame -> frame.getMethodName().equals("inCpuLoop"));
        TaskInfo next = weft.task(waiting.id()).orElseThrow();
        assertThat(next.state()).isEqualTo(TaskInfo.State.BLOCKING);
        assertThat(next.thread()).isNull();
    }

    @Test
    void tasksAtTheGateAreListedAndCanBeAborted() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.maxConcurrentTasks(1));
        JoinHandle<?> inside = weft.spawn(() -> Time.sleep(FOREVER));
        JoinHandle<?> outside = weft.named("at the gate").spawn(() -> {});
        TaskInfo info = weft.task(outside.id()).orElseThrow();
        assertThat(info.state()).isEqualTo(TaskInfo.State.QUEUED);
        assertThat(weft.abort(outside.id(), "not wanted")).isTrue();
        assertThat(outside.isCancelled()).isTrue();
        assertThat(inside.isDone()).isFalse();
    }

    @Test
    void theListIsBoundedAndSparesTheStacksUnlessAsked() {
        WeftRuntime weft = runtimes.start();
        for (int i = 0; i < 20; i++) {
            weft.spawn(() -> Time.sleep(FOREVER));
        }
        await().until(() -> weft.tasks(false, 100).stream().filter(info -> info.state() == TaskInfo.State.SUSPENDED)
                .count() == 20);
        assertThat(weft.tasks(false, 5)).hasSize(5).allMatch(info -> info.stack().isEmpty());
        assertThat(weft.tasks(true, 5)).hasSize(5).noneMatch(info -> info.stack().isEmpty());
        assertThat(weft.tasks(true, 0)).isEmpty();
        assertThat(weft.task(-7)).isEmpty();
    }

    private static void deep(int depth) throws InterruptedException {
        if (depth == 0) {
            Time.sleep(FOREVER);
        } else {
            deep(depth - 1);
        }
    }

    @Test
    void theStackOfADeepRecursionIsCut() {
        WeftRuntime weft = runtimes.start();
        JoinHandle<?> task = weft.spawn(() -> deep(3_000));
        awaitState(weft, task, TaskInfo.State.SUSPENDED);
        assertThat(weft.task(task.id()).orElseThrow().stack()).hasSizeBetween(100, 256);
    }

    @Test
    void aBlockerWhoseWordsFailOrAreEndlessDoesNotSpoilTheList() {
        WeftRuntime weft = runtimes.start();
        Object silent = new Object() {
            @Override
            public String toString() {
                throw new IllegalStateException("no words");
            }
        };
        Object endless = new Object() {
            @Override
            public String toString() {
                return "x".repeat(100_000);
            }
        };
        for (Object blocker : List.of(silent, endless)) {
            JoinHandle<?> task = weft.spawn(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                    LockSupport.park(blocker);
                }
            });
            awaitState(weft, task, TaskInfo.State.SUSPENDED);
            assertThat(weft.task(task.id()).orElseThrow().waitingFor()).isNotNull().hasSizeLessThan(300);
        }
    }

    @Test
    void anAbortThatWasAskedForIsShown() throws Exception {
        WeftRuntime weft = runtimes.start();
        Oneshot<Void> release = Oneshot.signal();
        Oneshot<Void> started = Oneshot.signal();
        JoinHandle<?> task = weft.spawn(() -> {
            started.sender().signal();
            ShutdownTests.awaitDeafly(release);
        });
        started.receiver().await();
        task.abort();
        assertThat(weft.task(task.id()).orElseThrow().abortRequested()).isTrue();
        release.sender().signal();
        task.join();
    }

    @Test
    void aParentIsListedAndCanBeAbortedWhileItsChildRunsInline() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(1));
        Oneshot<Long> childId = Oneshot.create();
        JoinHandle<?> parent = weft.named("parent").spawn(() -> {
            try (JoinSet<Integer> set = JoinSet.open()) {
                set.named("child").spawn(() -> {
                    childId.sender().send(Task.current().orElseThrow().id());
                    Time.sleep(FOREVER);
                    return 1;
                });
                set.joinAll();
            }
        });
        long child = childId.receiver().receive();
        await().until(() -> weft.task(child).map(info -> info.state() == TaskInfo.State.SUSPENDED).orElse(false));
        assertThat(weft.tasks(true, 10)).extracting(TaskInfo::name).contains("parent", "child");
        assertThat(weft.task(parent.id())).isPresent();
        assertThat(weft.abort(parent.id(), "by id")).isTrue();
        await().until(parent::isDone);
        assertThat(parent.isCancelled()).isTrue();
        assertThat(weft.task(child)).isEmpty();
    }

    @Test
    void endedTasksAreNotListed() throws Exception {
        WeftRuntime weft = runtimes.start();
        for (int i = 0; i < 50; i++) {
            weft.spawn(() -> {}).join();
            JoinHandle<?> aborted = weft.spawn(() -> Time.sleep(FOREVER));
            aborted.abort();
            try {
                aborted.join();
            } catch (TaskCancelledException e) {
                assertThat(aborted.isCancelled()).isTrue();
            }
        }
        assertThat(weft.tasks(true, 100)).isEmpty();
    }

    @Test
    void theListCanBeReadWhileTasksComeAndGo() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(2));
        JoinHandle<?> load = weft.spawn(() -> {
            for (int i = 0; i < 3_000; i++) {
                Task.spawn(() -> Time.sleep(Duration.ofNanos(100_000)));
                if (i % 50 == 0) {
                    Task.yieldNow();
                }
            }
        });
        do {
            for (TaskInfo info : weft.tasks(true, 200)) {
                assertThat(info.id()).isPositive();
            }
        } while (!load.isDone());
        assertThat(weft.awaitQuiet(Duration.ofSeconds(50))).isTrue();
        assertThat(weft.tasks(false, 10)).isEmpty();
    }
}
