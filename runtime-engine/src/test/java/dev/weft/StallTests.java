/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.weft.channel.Oneshot;
import dev.weft.metrics.StallInfo;
import dev.weft.task.JoinHandle;
import dev.weft.time.Time;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** All of them are decided by order: who is stuck is released by the work that must go on meanwhile. */
@Tag("dedicated-only")
@Timeout(60)
class StallTests {

    @RegisterExtension
    final Runtimes runtimes = new Runtimes();

    final Stuck stuck = new Stuck();

    @AfterEach
    void letGo() {
        stuck.release();
    }

    static Stream<Arguments> waysToBeStuck() {
        return Stream.of(
                argumentSet("native sleep", (Consumer<Stuck>) Stuck::inNativeSleep, "inNativeSleep"),
                argumentSet("class initialiser", (Consumer<Stuck>) Stuck::inClassInitialiser, "<clinit>"),
                argumentSet("CPU loop", (Consumer<Stuck>) Stuck::inCpuLoop, "inCpuLoop"));
    }

    @ParameterizedTest
    @MethodSource("waysToBeStuck")
    void twiceAsManyStuckTasksAsWorkersDoNotStopATimerOfAnother(Consumer<Stuck> way, String frame) throws Exception {
        int workers = 2;
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(workers));
        List<JoinHandle<?>> held = new ArrayList<>();
        for (int i = 0; i < 2 * workers; i++) {
            held.add(weft.named("stuck-" + i).spawn(() -> way.accept(stuck)));
        }
        await().until(() -> stuck.entered() == 2 * workers);
        weft.spawn(() -> {
            for (JoinHandle<?> task : held) {
                while (weft.stalls().stream().noneMatch(stall -> stall.taskId() == task.id())) {
                    Time.sleep(Duration.ofMillis(1));
                    Thread.sleep(1);
                }
            }
            stuck.release();
        });
        for (JoinHandle<?> task : held) {
            task.join();
        }
        List<StallInfo> stalls = weft.stalls();
        for (JoinHandle<?> task : held) {
            assertThat(stalls).anySatisfy(stall -> {
                assertThat(stall.taskId()).isEqualTo(task.id());
                assertThat(stall.taskName()).isEqualTo(task.name());
                assertThat(stall.stack())
                        .anyMatch(element -> element.getMethodName().equals(frame));
            });
        }
        assertThat(stalls.stream().filter(StallInfo::rescued).count()).isGreaterThanOrEqualTo(workers);
        assertThat(weft.metrics().takeovers()).isGreaterThanOrEqualTo(workers);
        assertThat(weft.metrics().stalls()).isGreaterThanOrEqualTo(2 * workers);
    }

    @ParameterizedTest
    @MethodSource("waysToBeStuck")
    void theChildThatAStuckTaskHasJustSpawnedRuns(Consumer<Stuck> way, String frame) throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(1));
        weft.blockOn(() -> {
            Task.spawn(stuck::release);
            way.accept(stuck);
        });
        assertThat(frame).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("waysToBeStuck")
    void theTimersOfAStuckWorkerFire(Consumer<Stuck> way, String frame) throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(1));
        Oneshot<Void> sleeping = Oneshot.signal();
        weft.spawn(() -> {
            sleeping.sender().signal();
            Time.sleep(Duration.ofMillis(50));
            stuck.release();
        });
        sleeping.receiver().await();
        weft.spawn(() -> way.accept(stuck)).join();
        assertThat(frame).isNotEmpty();
    }

    @Test
    void initialisersThatWaitForAThirdTaskDoNotDeadlock() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(2));
        List<JoinHandle<?>> held = List.of(
                weft.spawn(stuck::inClassInitialiser), weft.spawn(stuck::inClassInitialiser));
        await().until(() -> stuck.entered() == 2);
        weft.spawn(stuck::release).join();
        for (JoinHandle<?> task : held) {
            task.join();
        }
    }

    @Test
    void aCpuLoopThatSpawnsAllTheTimeDoesNotStopOthers() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(1));
        JoinHandle<Integer> loop = weft.spawn(() -> {
            int spawned = 0;
            while (!stuck.isReleased()) {
                Task.spawn(() -> {});
                spawned++;
                for (int i = 0; i < 2_000; i++) {
                    Thread.onSpinWait(); // or the backlog takes the rest of the minute
                }
            }
            return spawned;
        });
        weft.spawn(() -> {
            Time.sleep(Duration.ofMillis(1));
            stuck.release();
        });
        assertThat(loop.join()).isPositive();
        assertThat(weft.awaitQuiet(Duration.ofSeconds(50))).isTrue();
    }

    @Test
    void aTaskThatReadsFromASilentProcessDoesNotStopOthers() throws Exception {
        Path cat = Path.of("/bin/cat");
        assumeTrue(Files.isExecutable(cat), "no /bin/cat here");
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(1));
        Process silent = new ProcessBuilder(cat.toString()).start();
        try {
            Oneshot<Void> reading = Oneshot.signal();
            JoinHandle<Integer> reader = weft.spawn(() -> {
                reading.sender().signal();
                return silent.getInputStream().read();
            });
            reading.receiver().await();
            weft.spawn(() -> {
                Time.sleep(Duration.ofMillis(1));
                silent.getOutputStream().write('x');
                silent.getOutputStream().flush();
            })
                    .join();
            assertThat(reader.join()).isEqualTo((int) 'x');
        } finally {
            silent.destroyForcibly();
        }
    }

    @Test
    void aStuckGuestIsRescuedAndListedWithItsStack() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(1));
        Thread guest = weft.spawn(() -> Thread.ofVirtual().start(stuck::inCpuLoop)).join();
        await().until(() -> stuck.entered() == 1);
        await().until(() -> !weft.stalls().isEmpty());
        weft.spawn(() -> {
            Time.sleep(Duration.ofMillis(1));
            stuck.release();
        })
                .join();
        guest.join();
        assertThat(weft.stalls()).anySatisfy(stall -> {
            assertThat(stall.taskId()).isNull();
            assertThat(stall.stack()).anyMatch(element -> element.getMethodName().equals("inCpuLoop"));
        });
    }

    @Test
    void aStallIsOngoingUntilItEnds() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(1));
        JoinHandle<?> task = weft.spawn(stuck::inNativeSleep);
        await().until(() -> weft.stalls().stream().anyMatch(stall -> stall.taskId() == task.id() && stall.ongoing()));
        StallInfo first = weft.stalls().getLast();
        assertThat(first.duration()).isGreaterThanOrEqualTo(Duration.ofMillis(10));
        stuck.release();
        task.join();
        await().until(() -> weft.stalls().stream().noneMatch(stall -> stall.taskId() == task.id() && stall.ongoing()));
        assertThat(weft.stalls().getLast().duration()).isGreaterThanOrEqualTo(first.duration());
    }

    @Test
    void aRescuedStallEndsToo() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(1));
        JoinHandle<?> task = weft.spawn(stuck::inNativeSleep);
        await().until(() -> stuck.entered() == 1);
        weft.spawn(() -> {}).join();
        assertThat(weft.stalls())
                .anyMatch(stall -> stall.taskId() == task.id() && stall.rescued() && stall.ongoing());
        stuck.release();
        task.join();
        await().until(() -> weft.stalls().stream().noneMatch(StallInfo::ongoing));
    }

    @Test
    void withoutSparesAStallIsCountedAndOthersWait() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(1).maxSpareWorkers(0));
        JoinHandle<?> task = weft.spawn(stuck::inNativeSleep);
        await().until(() -> stuck.entered() == 1);
        JoinHandle<?> other = weft.spawn(() -> {});
        await().until(() -> weft.metrics().takeoversRefused() > 0);
        assertThat(other.isDone()).isFalse();
        assertThat(weft.metrics().takeovers()).isZero();
        assertThat(weft.metrics().stalls()).isPositive();
        assertThat(weft.metrics().spareWorkers()).isZero();
        stuck.release();
        task.join();
        other.join();
    }

    @Test
    void atTheCapTheRestIsRefusedAndGoesOnWhenOneReturns() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(1).maxSpareWorkers(2));
        Stuck second = new Stuck();
        List<JoinHandle<?>> held = List.of(
                weft.spawn(stuck::inNativeSleep), weft.spawn(stuck::inNativeSleep), weft.spawn(second::inNativeSleep));
        await().until(() -> stuck.entered() == 2 && second.entered() == 1);
        JoinHandle<?> waiting = weft.spawn(() -> {});
        await().until(() -> weft.metrics().takeoversRefused() > 0);
        assertThat(waiting.isDone()).isFalse();
        assertThat(weft.metrics().spareWorkers()).isEqualTo(2);
        second.release();
        waiting.join();
        stuck.release();
        for (JoinHandle<?> task : held) {
            task.join();
        }
    }

    @Test
    void afterARescueTheRuntimeIsAsGoodAsBefore() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(2));
        for (int round = 0; round < 5; round++) {
            Stuck held = new Stuck();
            JoinHandle<?> one = weft.spawn(held::inCpuLoop);
            JoinHandle<?> two = weft.spawn(held::inCpuLoop);
            await().until(() -> held.entered() == 2);
            weft.spawn(held::release).join();
            one.join();
            two.join();
            weft.blockOn(() -> {
                for (int i = 0; i < 500; i++) {
                    Task.spawn(() -> Time.sleep(Duration.ofMillis(1)));
                }
            });
            assertThat(weft.awaitQuiet(Duration.ofSeconds(50))).isTrue();
        }
        assertThat(weft.metrics().workers()).hasSize(2);
        assertThat(weft.metrics().spareWorkers()).isLessThanOrEqualTo(weft.metrics().maxSpareWorkers());
    }

    @Test
    void allThreadsOfARuntimeEndWithIt() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.name("with-spares").workerThreads(2));
        List<JoinHandle<?>> held = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            held.add(weft.spawn(stuck::inNativeSleep));
        }
        await().until(() -> stuck.entered() == 6);
        stuck.release();
        for (JoinHandle<?> task : held) {
            task.join();
        }
        weft.spawnBlocking(() -> {}).join();
        weft.close();
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("weft-with-spares")));
    }

    @Test
    void aRuntimeThatHasDoneNothingHasNoStalls() {
        for (int i = 0; i < 20; i++) {
            WeftRuntime weft = runtimes
                    .start(builder -> builder.workerThreads(32).stallThreshold(Duration.ofMillis(1)));
            await().until(() -> weft.metrics().workers().stream().allMatch(worker -> worker.parks() > 0));
            assertThat(weft.stalls()).isEmpty();
            weft.close();
        }
    }

    @Test
    void closeIsBoundedWhileATaskIsStuckAndNamesIt() throws Exception {
        runtimes.expectSurvivors();
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(1));
        JoinHandle<?> task = weft.named("the stuck one").spawn(stuck::inCpuLoop);
        await().until(() -> stuck.entered() == 1);
        JoinHandle<?> queued = weft.spawn(() -> {});
        ShutdownReport report = weft.shutdown(Duration.ZERO, Duration.ofMillis(20));
        assertThat(report.isClean()).isFalse();
        assertThat(report.survivors()).singleElement().satisfies(survivor -> {
            assertThat(survivor.id()).isEqualTo(task.id());
            assertThat(survivor.name()).isEqualTo("the stuck one");
            assertThat(survivor.stack()).anyMatch(element -> element.getMethodName().equals("inCpuLoop"));
        });
        assertThat(queued.isCancelled() || queued.isDone()).isTrue();
        stuck.release();
        await().until(task::isDone);
    }
}
