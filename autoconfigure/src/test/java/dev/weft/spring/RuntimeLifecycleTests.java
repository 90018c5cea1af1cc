/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.WeftRuntime;
import dev.weft.task.JoinHandle;
import dev.weft.task.TaskCancelledException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.AvailabilityState;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
@Timeout(60)
class RuntimeLifecycleTests {

    private final List<WeftRuntime> built = new ArrayList<>();
    private final List<AvailabilityState> published = new ArrayList<>();
    private ReadinessState readiness = ReadinessState.ACCEPTING_TRAFFIC;

    @AfterEach
    void closeAll() {
        built.forEach(runtime -> runtime.shutdown(Duration.ZERO, Duration.ofSeconds(1)));
    }

    @Test
    void tasksMayFinishInTheGracePeriod() throws Exception {
        WeftRuntime runtime = runtime("main", Duration.ofSeconds(20), Duration.ofSeconds(5));
        RuntimeLifecycle lifecycle = started(runtime);
        JoinHandle<String> task = runtime.spawn(() -> {
            Thread.sleep(200);
            return "finished";
        });
        CountDownLatch stopped = new CountDownLatch(1);
        lifecycle.stop(stopped::countDown);
        assertThat(lifecycle.phase(runtime)).isEqualTo(RuntimePhase.STOPPING);
        assertThat(stopped.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(task.join()).isEqualTo("finished");
        assertThat(lifecycle.phase(runtime)).isEqualTo(RuntimePhase.STOPPED);
        assertThat(lifecycle.isRunning()).isFalse();
    }

    @Test
    void tasksAreAbortedAfterTheGracePeriod(CapturedOutput output) throws Exception {
        WeftRuntime runtime = runtime("main", Duration.ofMillis(50), Duration.ofSeconds(20));
        RuntimeLifecycle lifecycle = started(runtime);
        JoinHandle<Void> task = runtime.spawn(() -> Thread.sleep(60_000));
        lifecycle.stop();
        assertThatThrownBy(task::join)
                .isInstanceOf(TaskCancelledException.class)
                .hasMessageContaining("the application context stops");
        assertThat(output).contains("Runtime 'main' stopped in").contains("1 of them aborted");
    }

    @Test
    void tasksThatIgnoreAnAbortAreNamedAndNotAwaitedForEver(CapturedOutput output) throws Exception {
        WeftRuntime runtime = runtime("main", Duration.ofMillis(50), Duration.ofMillis(100));
        RuntimeLifecycle lifecycle = started(runtime);
        CountDownLatch release = new CountDownLatch(1);
        JoinHandle<Void> stubborn = runtime.named("stubborn").spawn(() -> {
            while (true) {
                try {
                    release.await();
                    return;
                } catch (InterruptedException ignored) {
                    // the point of this task
                }
            }
        });
        lifecycle.stop();
        assertThat(output).contains("still running: stubborn #" + stubborn.id()).contains("RuntimeLifecycleTests");
        release.countDown();
    }

    @Test
    void startsAgainAfterAStop() throws Exception {
        WeftRuntime runtime = runtime("main", Duration.ofSeconds(1), Duration.ofSeconds(1));
        RuntimeLifecycle lifecycle = started(runtime);
        lifecycle.stop();
        assertThat(runtime.state()).isEqualTo(WeftRuntime.State.RUNNING);
        lifecycle.start();
        assertThat(lifecycle.isRunning()).isTrue();
        assertThat(lifecycle.phase(runtime)).isEqualTo(RuntimePhase.RUNNING);
        assertThat(runtime.spawn(() -> "again").join()).isEqualTo("again");
    }

    @Test
    void spawningIsPossibleBeforeTheStartAndWhileStopped() throws Exception {
        WeftRuntime runtime = runtime("main", Duration.ofSeconds(1), Duration.ofSeconds(1));
        RuntimeLifecycle lifecycle = lifecycle(runtime);
        assertThat(runtime.spawn(() -> "before").join()).isEqualTo("before");
        lifecycle.start();
        lifecycle.stop();
        assertThat(runtime.spawn(() -> "stopped").join()).isEqualTo("stopped");
    }

    @Test
    void aStartEndsAStopThatIsStillUnderWayAndSparesItsTasks() throws Exception {
        WeftRuntime runtime = runtime("main", Duration.ofSeconds(20), Duration.ofSeconds(1));
        RuntimeLifecycle lifecycle = started(runtime);
        CountDownLatch release = new CountDownLatch(1);
        JoinHandle<String> task = runtime.spawn(() -> {
            release.await();
            return "spared";
        });
        CountDownLatch stopped = new CountDownLatch(1);
        lifecycle.stop(stopped::countDown);
        lifecycle.start();
        assertThat(stopped.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(lifecycle.isRunning()).isTrue();
        assertThat(lifecycle.phase(runtime)).isEqualTo(RuntimePhase.RUNNING);
        release.countDown();
        assertThat(task.join()).isEqualTo("spared");
    }

    @Test
    void runtimesStopSideBySide() {
        WeftRuntime one = runtime("one", Duration.ofMillis(1500), Duration.ofSeconds(5));
        WeftRuntime other = runtime("other", Duration.ofMillis(1500), Duration.ofSeconds(5));
        RuntimeLifecycle lifecycle = started(one, other);
        one.spawn(() -> Thread.sleep(60_000));
        other.spawn(() -> Thread.sleep(60_000));
        long began = System.nanoTime();
        lifecycle.stop();
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isBetween(Duration.ofMillis(1500), Duration.ofMillis(2900));
    }

    @Test
    void aTaskThatStopsTheContextDoesNotWaitForItself() throws Exception {
        WeftRuntime runtime = runtime("main", Duration.ofSeconds(20), Duration.ofSeconds(20));
        RuntimeLifecycle lifecycle = started(runtime);
        JoinHandle<String> other = runtime.spawn(() -> {
            Thread.sleep(200);
            return "finished";
        });
        JoinHandle<String> asker = runtime.spawn(() -> {
            lifecycle.stop();
            return "stopped";
        });
        assertThat(asker.join()).isEqualTo("stopped");
        assertThat(other.isDone()).isTrue();
    }

    @Test
    void theLongestStopIsThatOfTheMostPatientRuntime() {
        assertThat(lifecycle(
                runtime("one", Duration.ofSeconds(3), Duration.ofSeconds(4)),
                runtime("other", Duration.ofSeconds(6), Duration.ofSeconds(0)))
                .longestStop())
                .isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void aDrainTakesTheReadinessAwayAndLetsTasksSpawn() throws Exception {
        WeftRuntime runtime = runtime("main", Duration.ofSeconds(1), Duration.ofSeconds(1));
        RuntimeLifecycle lifecycle = started(runtime);
        assertThat(lifecycle.drain(runtime)).isEqualTo(RuntimePhase.DRAINING);
        assertThat(lifecycle.drain(runtime)).isEqualTo(RuntimePhase.DRAINING);
        assertThat(published).containsExactly(ReadinessState.REFUSING_TRAFFIC);
        assertThat(runtime.spawn(() -> "needed").join()).isEqualTo("needed");
    }

    @Test
    void aDrainCanBeUndoneUntilTheStop() {
        WeftRuntime runtime = runtime("main", Duration.ofSeconds(1), Duration.ofSeconds(1));
        RuntimeLifecycle lifecycle = started(runtime);
        lifecycle.drain(runtime);
        assertThat(lifecycle.undoDrain(runtime)).isEqualTo(RuntimePhase.RUNNING);
        assertThat(published).containsExactly(ReadinessState.REFUSING_TRAFFIC, ReadinessState.ACCEPTING_TRAFFIC);
        lifecycle.drain(runtime);
        lifecycle.stop();
        assertThat(lifecycle.undoDrain(runtime)).isEqualTo(RuntimePhase.STOPPED);
        assertThat(lifecycle.drain(runtime)).isEqualTo(RuntimePhase.STOPPED);
    }

    @Test
    void trafficIsAcceptedAgainWhenTheLastRuntimeHasStoppedDraining() {
        WeftRuntime one = runtime("one", Duration.ofSeconds(1), Duration.ofSeconds(1));
        WeftRuntime other = runtime("other", Duration.ofSeconds(1), Duration.ofSeconds(1));
        RuntimeLifecycle lifecycle = started(one, other);
        lifecycle.drain(one);
        lifecycle.drain(other);
        lifecycle.undoDrain(one);
        assertThat(published).containsExactly(ReadinessState.REFUSING_TRAFFIC);
        lifecycle.undoDrain(other);
        assertThat(published).containsExactly(ReadinessState.REFUSING_TRAFFIC, ReadinessState.ACCEPTING_TRAFFIC);
    }

    @Test
    void readinessThatSomebodyElseTookAwayIsNotGivenBack() {
        readiness = ReadinessState.REFUSING_TRAFFIC;
        WeftRuntime runtime = runtime("main", Duration.ofSeconds(1), Duration.ofSeconds(1));
        RuntimeLifecycle lifecycle = started(runtime);
        lifecycle.drain(runtime);
        lifecycle.undoDrain(runtime);
        assertThat(published).isEmpty();
    }

    @Test
    void aStartGivesBackTheReadinessThatADrainTookAway() {
        WeftRuntime runtime = runtime("main", Duration.ofSeconds(1), Duration.ofSeconds(1));
        RuntimeLifecycle lifecycle = started(runtime);
        lifecycle.drain(runtime);
        lifecycle.stop();
        lifecycle.start();
        assertThat(published).containsExactly(ReadinessState.REFUSING_TRAFFIC, ReadinessState.ACCEPTING_TRAFFIC);
    }

    @Test
    void aRuntimeThatIsClosedByOthersIsClosed() {
        WeftRuntime runtime = runtime("main", Duration.ofSeconds(1), Duration.ofSeconds(1));
        RuntimeLifecycle lifecycle = started(runtime);
        runtime.shutdown(Duration.ZERO, Duration.ZERO);
        await().untilAsserted(() -> assertThat(lifecycle.phase(runtime)).isEqualTo(RuntimePhase.CLOSED));
    }

    @Test
    void withoutRuntimesStoppingIsImmediate() {
        RuntimeLifecycle lifecycle = started();
        lifecycle.stop();
        assertThat(lifecycle.isRunning()).isFalse();
    }

    private WeftRuntime runtime(String name, Duration grace, Duration abort) {
        WeftRuntime runtime = WeftRuntime.builder()
                .name(name)
                .workerThreads(2)
                .shutdownGracePeriod(grace)
                .shutdownAbortPeriod(abort)
                .build();
        built.add(runtime);
        return runtime;
    }

    private RuntimeLifecycle started(WeftRuntime... runtimes) {
        RuntimeLifecycle lifecycle = lifecycle(runtimes);
        lifecycle.start();
        return lifecycle;
    }

    private RuntimeLifecycle lifecycle(WeftRuntime... runtimes) {
        return new RuntimeLifecycle(new WeftRuntimes(List.of(runtimes)), this::publish, new Availability());
    }

    private void publish(Object event) {
        published.add(((AvailabilityChangeEvent<?>) event).getState());
    }

    private final class Availability implements ApplicationAvailability {

        @Override
        public ReadinessState getReadinessState() {
            return published.isEmpty() ? readiness : (ReadinessState) published.getLast();
        }

        @Override
        public LivenessState getLivenessState() {
            return LivenessState.CORRECT;
        }

        @Override
        public <S extends AvailabilityState> S getState(Class<S> stateType, S defaultState) {
            return defaultState;
        }

        @Override
        public <S extends AvailabilityState> S getState(Class<S> stateType) {
            throw new UnsupportedOperationException();
        }

        @Override
        public <S extends AvailabilityState> AvailabilityChangeEvent<S> getLastChangeEvent(Class<S> stateType) {
            throw new UnsupportedOperationException();
        }
    }
}
