/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.channel.Oneshot;
import dev.weft.scope.JoinSet;
import dev.weft.task.JoinHandle;
import dev.weft.task.TaskCancelledException;
import dev.weft.time.Time;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class TaskListenerTests {

    /** Writes down what it is told. */
    static final class Recording implements TaskListener {
        final List<String> told = new CopyOnWriteArrayList<>();
        final List<Subject> subjects = new CopyOnWriteArrayList<>();
        final List<Duration> durations = new CopyOnWriteArrayList<>();

        @Override
        public void spawned(Subject task) {
            subjects.add(task);
            told.add("spawned " + task.id());
        }

        @Override
        public void started(Subject task, Duration queued) {
            subjects.add(task);
            durations.add(queued);
            told.add("started " + task.id());
        }

        @Override
        public void ended(Subject task, Outcome outcome, Duration ran) {
            subjects.add(task);
            durations.add(ran);
            told.add("ended " + task.id() + " " + outcome);
        }

        List<String> of(JoinHandle<?> task) {
            return told.stream()
                    .filter(line -> line.split(" ")[1].equals(Long.toString(task.id())))
                    .toList();
        }
    }

    @RegisterExtension
    final Runtimes runtimes = new Runtimes();

    final Recording recording = new Recording();

    final WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(1).taskListener(recording));

    private void awaitTold(JoinHandle<?> task, String... lines) {
        await().untilAsserted(() -> assertThat(recording.of(task)).containsExactly(lines));
    }

    @Test
    void isToldOfEachStepOfATaskOnce() throws Exception {
        JoinHandle<?> task = weft.named("named").tag("k", "v").spawn(() -> 1);
        task.join();
        long id = task.id();
        awaitTold(task, "spawned " + id, "started " + id, "ended " + id + " COMPLETED");
        assertThat(recording.subjects).allSatisfy(subject -> {
            assertThat(subject.name()).isEqualTo("named");
            assertThat(subject.tags()).containsOnlyKeys("k").containsValue("v");
        });
        assertThat(recording.durations).noneMatch(Duration::isNegative);
    }

    @Test
    void tellsFailureAndAbortApart() throws Exception {
        JoinHandle<?> failed = weft.spawn(() -> {
            throw new IllegalStateException();
        });
        assertThatThrownBy(failed::join).isNotNull();
        awaitTold(failed, "spawned " + failed.id(), "started " + failed.id(), "ended " + failed.id() + " FAILED");
        Oneshot<Void> started = Oneshot.signal();
        JoinHandle<?> aborted = weft.spawn(() -> {
            started.sender().signal();
            Time.sleep(Duration.ofDays(1));
        });
        started.receiver().await();
        aborted.abort();
        assertThatThrownBy(aborted::join).isNotNull();
        awaitTold(aborted, "spawned " + aborted.id(), "started " + aborted.id(), "ended " + aborted.id() + " ABORTED");
    }

    @Test
    void isToldOfATaskThatNeverStarted() throws Exception {
        weft.close();
        JoinHandle<?> late = weft.spawn(() -> 1);
        awaitTold(late, "spawned " + late.id(), "ended " + late.id() + " ABORTED");
    }

    @Test
    void theReadingZeroOfAClockIsATimeLikeAnyOther() {
        Recording own = new Recording();
        WeftRuntime zero = runtimes.start(builder -> builder.taskListener(own).timeSource(new ManualClock(0)));
        zero.close();
        JoinHandle<?> late = zero.spawn(() -> 1);
        assertThat(own.of(late)).containsExactly("spawned " + late.id(), "ended " + late.id() + " ABORTED");
    }

    @Test
    void isToldOfBlockingJobsChildrenScheduledCommandsAndExecutedOnes() throws Exception {
        int before = recording.told.size();
        weft.blockOn(() -> {
            try (JoinSet<Integer> set = JoinSet.open()) {
                set.spawn(() -> 1);
                set.joinAll();
            }
            Task.spawnBlocking(() -> 2).join();
        });
        weft.asExecutorService().submit(() -> 3).get();
        weft.asScheduledExecutorService().schedule(() -> 4, 1, TimeUnit.MILLISECONDS).get();
        await().untilAsserted(() -> {
            assertThat(recording.told.stream().filter(line -> line.startsWith("spawned")).count()).isEqualTo(5);
            assertThat(recording.told.stream().filter(line -> line.startsWith("started")).count()).isEqualTo(5);
            assertThat(recording.told.stream().filter(line -> line.endsWith("COMPLETED")).count()).isEqualTo(5);
        });
        assertThat(before).isZero();
    }

    @Test
    void measuresByTheClockOfTheRuntime() throws Exception {
        Recording own = new Recording();
        ManualClock clock = new ManualClock(1);
        WeftRuntime manual = runtimes.start(builder -> builder.taskListener(own).timeSource(clock));
        manual.spawn(() -> clock.advance(Duration.ofSeconds(7))).join();
        await().until(() -> own.told.size() == 3);
        assertThat(own.durations).containsExactly(Duration.ZERO, Duration.ofSeconds(7));
    }

    @Test
    void startsAndEndsBalanceUnderLoad() throws Exception {
        var spawned = new AtomicInteger();
        var started = new AtomicInteger();
        var ended = new AtomicInteger();
        WeftRuntime busy = runtimes.start(builder -> builder.workerThreads(2).taskListener(new TaskListener() {
            @Override
            public void spawned(Subject task) {
                spawned.incrementAndGet();
            }

            @Override
            public void started(Subject task, Duration queued) {
                started.incrementAndGet();
            }

            @Override
            public void ended(Subject task, Outcome outcome, Duration ran) {
                ended.incrementAndGet();
            }
        }));
        int tasks = 2_000;
        for (int i = 0; i < tasks; i++) {
            JoinHandle<?> task = busy.spawn(() -> Task.yieldNow());
            if (i % 3 == 0) {
                task.abort();
            }
        }
        busy.close();
        assertThat(spawned).hasValue(tasks);
        assertThat(ended).hasValue(tasks);
        assertThat(started.get()).isLessThanOrEqualTo(tasks);
    }

    @Test
    void aListenerThatThrowsHarmsNeitherTheTaskNorTheNextListener() throws Exception {
        Recording second = new Recording();
        WeftRuntime other = runtimes.start(builder -> builder.taskListener(new TaskListener() {
            @Override
            public void spawned(Subject task) {
                throw new IllegalStateException("spawned");
            }

            @Override
            public void started(Subject task, Duration queued) {
                throw new AssertionError("started");
            }

            @Override
            public void ended(Subject task, Outcome outcome, Duration ran) {
                throw new IllegalStateException("ended");
            }
        })
                .taskListener(second));
        try (Logs logs = Logs.of("dev.weft.WeftRuntime")) {
            JoinHandle<Integer> task = other.spawn(() -> 1);
            assertThat(task.join()).isEqualTo(1);
            await().untilAsserted(() -> assertThat(second.of(task)).hasSize(3));
            assertThat(logs.records()).as("only the first is logged").hasSize(1);
        }
    }

    @Test
    void anAbortedTaskThatReturnsItsValueHasCompleted() throws Exception {
        Oneshot<Void> started = Oneshot.signal();
        JoinHandle<Integer> task = weft.spawn(() -> {
            started.sender().signal();
            try {
                Time.sleep(Duration.ofDays(1));
            } catch (InterruptedException e) {
                return 1;
            }
            return 2;
        });
        started.receiver().await();
        task.abort();
        assertThat(task.join()).isEqualTo(1);
        awaitTold(task, "spawned " + task.id(), "started " + task.id(), "ended " + task.id() + " COMPLETED");
        JoinHandle<?> unstarted = weft.named("x").spawn(() -> Time.sleep(Duration.ofDays(1)));
        unstarted.abort();
        assertThatThrownBy(unstarted::join).isInstanceOf(TaskCancelledException.class);
    }
}
