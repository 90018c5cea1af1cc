/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.channel.Oneshot;
import dev.weft.task.JoinHandle;
import dev.weft.task.Op;
import dev.weft.time.Time;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class BlockInPlaceTests {

    @RegisterExtension
    final Runtimes runtimes = new Runtimes();

    final Stuck stuck = new Stuck();

    @AfterEach
    void letGo() {
        stuck.release();
    }

    /** The monitor would come only after a minute: what goes on does so because the core was given away. */
    private WeftRuntime withoutRescue(int workers) {
        return runtimes.start(builder -> builder.workerThreads(workers).stallThreshold(Duration.ofMinutes(1)));
    }

    @Test
    void theWorkRunsOnTheSameTaskAndItsValueOrExceptionComesBack() throws Exception {
        WeftRuntime weft = runtimes.start();
        weft.blockOn(() -> {
            Thread me = Thread.currentThread();
            long id = Task.current().orElseThrow().id();
            assertThat(Task.<Thread, Exception>blockInPlace(Thread::currentThread)).isSameAs(me);
            assertThat(Task.<Long, Exception>blockInPlace(() -> Task.current().orElseThrow().id()))
                    .isEqualTo(id);
            var mine = new IOException("mine");
            Op<Integer, IOException> failing = () -> {
                throw mine;
            };
            assertThatThrownBy(() -> Task.blockInPlace(failing)).isSameAs(mine);
            Time.sleep(Duration.ofMillis(1)); // and it can suspend afterwards as before
            assertThat(Task.current().orElseThrow().id()).isEqualTo(id);
        });
    }

    @Test
    @Tag("dedicated-only")
    void allWorkersInBlockInPlaceLeaveRoomForAThousandTasks() throws Exception {
        int workers = 4;
        WeftRuntime weft = withoutRescue(workers);
        List<JoinHandle<?>> blocked = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            blocked.add(weft.spawn(() -> Task.blockInPlace(() -> {
                stuck.inNativeSleep();
                return 1;
            })));
        }
        await().until(() -> stuck.entered() == workers);
        var ran = new AtomicInteger();
        List<JoinHandle<?>> others = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            others.add(weft.spawn(() -> {
                Task.yieldNow();
                ran.incrementAndGet();
            }));
        }
        for (JoinHandle<?> other : others) {
            other.join();
        }
        assertThat(ran).hasValue(1_000);
        stuck.release();
        for (JoinHandle<?> task : blocked) {
            task.join();
        }
    }

    @Test
    @Tag("dedicated-only")
    void whatTheTaskSpawnedBeforeGoesOn() throws Exception {
        WeftRuntime weft = withoutRescue(1);
        weft.blockOn(() -> {
            Task.spawn(() -> {
                Time.sleep(Duration.ofMillis(1));
                stuck.release();
            });
            Task.blockInPlace(() -> {
                stuck.inNativeSleep();
                return 1;
            });
        });
    }

    @Test
    @Tag("dedicated-only")
    void itNestsAndSpawnsFromWithinRunMeanwhile() throws Exception {
        WeftRuntime weft = withoutRescue(1);
        int value = weft.blockOn(() -> Task.<Integer, Exception>blockInPlace(() -> {
            Task.spawn(() -> stuck.release());
            return Task.<Integer, Exception>blockInPlace(() -> {
                stuck.inNativeSleep();
                return Task.spawn(() -> 5).join();
            });
        }));
        assertThat(value).isEqualTo(5);
    }

    @Test
    void itMaySuspendInside() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(1));
        Oneshot<Integer> message = Oneshot.create();
        weft.spawn(() -> {
            Time.sleep(Duration.ofMillis(1));
            message.sender().send(3);
        });
        assertThat(weft.<Integer, Exception>blockOn(
                () -> Task.blockInPlace(() -> message.receiver().receive())))
                .isEqualTo(3);
    }

    @Test
    void itWorksAroundBlockOnOfAnotherRuntime() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(1));
        WeftRuntime other = runtimes.start(builder -> builder.name("inner").workerThreads(1));
        assertThat(weft.<Integer, Exception>blockOn(
                () -> Task.blockInPlace(() -> other.blockOn(() -> Task.spawn(() -> 9).join()))))
                .isEqualTo(9);
    }

    @Test
    @Tag("dedicated-only")
    void workersComeBackAfterManyRounds() throws Exception {
        WeftRuntime weft = withoutRescue(2);
        for (int i = 0; i < 200; i++) {
            int n = i;
            assertThat(weft.<Integer, Exception>blockOn(() -> Task.blockInPlace(() -> n))).isEqualTo(n);
        }
        assertThat(weft.metrics().workers()).hasSize(2);
        assertThat(weft.metrics().spareWorkers()).isLessThanOrEqualTo(weft.metrics().maxSpareWorkers());
    }

    @Test
    @Tag("dedicated-only")
    void beyondTheCapTheWorkRunsAllTheSame() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(1).maxSpareWorkers(0));
        assertThat(weft.<Integer, Exception>blockOn(() -> Task.blockInPlace(() -> 2))).isEqualTo(2);
        assertThat(weft.metrics().spareWorkers()).isZero();
    }

    @Test
    void shutdownFinishesWhileATaskWaitsInPlaceForATimerOfAnother() throws Exception {
        WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(1));
        Oneshot<Void> waiting = Oneshot.signal();
        JoinHandle<?> task = weft.spawn(() -> {
            var timer = Task.spawn(() -> Time.sleep(Duration.ofMillis(20)));
            waiting.sender().signal();
            return Task.blockInPlace(timer::join);
        });
        waiting.receiver().await();
        ShutdownReport report = weft.shutdown(Duration.ofSeconds(50), Duration.ZERO);
        assertThat(report.isClean()).isTrue();
        assertThat(task.state()).isEqualTo(java.util.concurrent.Future.State.SUCCESS);
    }
}
