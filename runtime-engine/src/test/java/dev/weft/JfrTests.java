/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.channel.Oneshot;
import dev.weft.task.JoinHandle;
import dev.weft.task.TaskAction;
import dev.weft.time.Time;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class JfrTests {

    @RegisterExtension
    final Runtimes runtimes = new Runtimes();

    @TempDir
    Path dir;

    interface Work {
        void with(WeftRuntime weft) throws Exception;
    }

    private List<RecordedEvent> recorded(
            String event, UnaryOperator<WeftRuntime.Builder> builder, Work work) throws Exception {
        Path file = dir.resolve("recording.jfr");
        try (Recording recording = new Recording()) {
            recording.enable(event).withThreshold(Duration.ZERO);
            recording.start();
            WeftRuntime weft = runtimes.start(builder);
            work.with(weft);
            weft.close();
            recording.stop();
            recording.dump(file);
        }
        return RecordingFile.readAllEvents(file).stream()
                .filter(each -> each.getEventType().getName().equals(event))
                .toList();
    }

    @Test
    void eachTaskIsAnEvent() throws Exception {
        var ids = new long[3];
        List<RecordedEvent> events = recorded("dev.weft.Task", builder -> builder, weft -> {
            JoinHandle<?> named = weft.named("quote").spawn(() -> Time.sleep(Duration.ofMillis(2)));
            named.join();
            JoinHandle<?> failed = weft.spawn(() -> {
                throw new IllegalStateException();
            });
            assertThatThrownBy(failed::join).isNotNull();
            Oneshot<Void> started = Oneshot.signal();
            JoinHandle<?> aborted = weft.spawn(() -> {
                started.sender().signal();
                Time.sleep(Duration.ofDays(1));
            });
            started.receiver().await();
            aborted.abort();
            assertThatThrownBy(aborted::join).isNotNull();
            ids[0] = named.id();
            ids[1] = failed.id();
            ids[2] = aborted.id();
        });
        assertThat(events).hasSize(3);
        assertThat(events).extracting(event -> event.getLong("taskId")).containsExactlyInAnyOrder(ids[0], ids[1],
                ids[2]);
        assertThat(events).anySatisfy(event -> {
            assertThat(event.getLong("taskId")).isEqualTo(ids[0]);
            assertThat(event.getString("name")).isEqualTo("quote");
            assertThat(event.getString("outcome")).isEqualTo("COMPLETED");
            assertThat(event.getDuration("ran")).isGreaterThanOrEqualTo(Duration.ofMillis(2));
            assertThat(event.getDuration("queued")).isGreaterThanOrEqualTo(Duration.ZERO);
        });
        assertThat(events).anySatisfy(event -> {
            assertThat(event.getLong("taskId")).isEqualTo(ids[1]);
            assertThat(event.getString("outcome")).isEqualTo("FAILED");
        });
        assertThat(events).anySatisfy(event -> {
            assertThat(event.getLong("taskId")).isEqualTo(ids[2]);
            assertThat(event.getString("outcome")).isEqualTo("ABORTED");
        });
    }

    @Test
    @Tag("dedicated-only")
    void aStallIsAnEvent() throws Exception {
        var id = new long[1];
        List<RecordedEvent> events = recorded("dev.weft.Stall", builder -> builder.workerThreads(1), weft -> {
            Stuck stuck = new Stuck();
            JoinHandle<?> task = weft.spawn(stuck::inNativeSleep);
            await().until(() -> !weft.stalls().isEmpty());
            stuck.release();
            task.join();
            id[0] = task.id();
        });
        assertThat(events).anySatisfy(event -> {
            assertThat(event.getLong("taskId")).isEqualTo(id[0]);
            assertThat(event.getString("runtime")).isEqualTo("weft-test");
            assertThat(event.getInt("worker")).isZero();
        });
    }

    @Test
    @Tag("dedicated-only")
    void aParkOfAWorkerIsAnEvent() throws Exception {
        List<RecordedEvent> events = recorded("dev.weft.WorkerPark", builder -> builder.workerThreads(2), weft -> {
            for (int i = 0; i < 20; i++) {
                weft.blockOn(() -> Time.sleep(Duration.ofMillis(1)));
            }
        });
        assertThat(events).isNotEmpty().allSatisfy(event -> assertThat(event.getInt("worker")).isBetween(0, 1));
    }

    /** Two tasks hold both workers' attention while children wait in the ring of one of them: the other has to steal. */
    static void provokeASteal(WeftRuntime weft) throws Exception {
        var ran = new AtomicInteger();
        TaskAction parent = () -> {
            for (int i = 0; i < 8; i++) {
                Task.spawn(ran::incrementAndGet);
            }
            while (ran.get() < 7) {
                Thread.onSpinWait(); // one may stay in the LIFO slot, which is not stolen from
            }
        };
        weft.spawn(parent).join();
    }

    @Test
    @Tag("dedicated-only")
    void aStealIsAnEventAndIsCounted() throws Exception {
        List<RecordedEvent> events = recorded(
                "dev.weft.Steal",
                builder -> builder.workerThreads(2).maxSpareWorkers(0).stallThreshold(Duration.ofMinutes(1)),
                weft -> {
                    provokeASteal(weft);
                    assertThat(weft.metrics().workers().stream()
                            .mapToLong(worker -> worker.steals())
                            .sum())
                            .isPositive();
                    assertThat(weft.metrics().workers().stream()
                            .mapToLong(worker -> worker.stolenTasks())
                            .sum())
                            .isBetween(1L, 9L);
                });
        assertThat(events).isNotEmpty().allSatisfy(event -> {
            assertThat(event.getInt("thief")).isNotEqualTo(event.getInt("victim"));
            assertThat(event.getInt("entries")).isPositive();
        });
    }

    @Test
    @Tag("dedicated-only")
    void timersThatAreReachedLateAreAnEvent() throws Exception {
        ManualClock clock = new ManualClock(1);
        List<RecordedEvent> events = recorded(
                "dev.weft.TimerLag",
                builder -> builder.workerThreads(1)
                        .maxSpareWorkers(0)
                        .stallThreshold(Duration.ofMinutes(1))
                        .timeSource(clock),
                weft -> {
                    JoinHandle<?> sleeper = weft.spawn(() -> Time.sleep(Duration.ofMillis(5)));
                    await().until(() -> weft.task(sleeper.id())
                            .map(info -> info.state() == dev.weft.metrics.TaskInfo.State.SUSPENDED)
                            .orElse(false));
                    weft.spawn(() -> clock.advance(Duration.ofMillis(50))).join();
                    sleeper.join();
                });
        assertThat(events)
                .anySatisfy(event -> assertThat(event.getDuration("lag")).isBetween(
                        Duration.ofMillis(11), Duration.ofMillis(50)));
    }
}
