/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Task;
import dev.weft.WeftRuntime;
import dev.weft.scope.JoinSet;
import dev.weft.task.JoinHandle;
import dev.weft.task.TaskFailedException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.core.task.TaskRejectedException;

@Timeout(60)
class TaskSpawnerTests {

    private final WeftRuntime runtime = WeftRuntime.builder().workerThreads(2).build();
    private final TaskSpawner spawner = TaskSpawner.of(runtime);

    @AfterEach
    void close() {
        runtime.shutdown(Duration.ofSeconds(1), Duration.ofSeconds(1));
    }

    @Test
    void spawnsBodiesWithAndWithoutResult() throws Exception {
        CountDownLatch ran = new CountDownLatch(1);
        assertThat(spawner.spawn(() -> "value").join()).isEqualTo("value");
        spawner.spawn(ran::countDown).join();
        assertThat(ran.getCount()).isZero();
    }

    @Test
    void blockingWorkRunsOnPlatformThreads() throws Exception {
        assertThat(spawner.spawnBlocking(() -> Thread.currentThread().isVirtual()).join()).isFalse();
        assertThat(spawner.spawn(() -> Thread.currentThread().isVirtual()).join()).isTrue();
    }

    @Test
    void namesTasks() throws Exception {
        JoinHandle<String> task = spawner.named("price-feed").spawn(
                () -> Task.current().orElseThrow().name());
        assertThat(task.join()).isEqualTo("price-feed");
    }

    @Test
    void aFailureReachesTheHandle() {
        JoinHandle<Void> task = spawner.spawn(() -> {
            if (true) {
                throw new IOException("broken");
            }
        });
        assertThatThrownBy(task::join).isInstanceOf(TaskFailedException.class).hasRootCauseMessage("broken");
    }

    @Test
    void aJoinSetRunsOnTheRuntimeOfItsSpawner() throws Exception {
        try (WeftRuntime other = WeftRuntime.builder().name("other").workerThreads(1).build()) {
            // Opened from a plain thread, and from a task of another runtime.
            assertThat(insideOfMain()).containsExactly(true, true);
            assertThat(other.spawn(this::insideOfMain).join()).containsExactly(true, true);
        }
    }

    private List<Boolean> insideOfMain() throws InterruptedException {
        try (JoinSet<Boolean> set = spawner.joinSet()) {
            set.spawn(this::isInsideOfMain);
            set.spawn(this::isInsideOfMain);
            return set.joinAll();
        }
    }

    /** A runtime refuses to block one of its own tasks. */
    private boolean isInsideOfMain() throws InterruptedException {
        try {
            runtime.blockOn(() -> "outside");
            return false;
        } catch (IllegalStateException inside) {
            return true;
        }
    }

    @Test
    void theExecutorViewStartsTasks() throws Exception {
        Future<Boolean> inTask = spawner.asExecutor().submit(() -> Task.current().isPresent());
        assertThat(inTask.get()).isTrue();
        assertThat(spawner.asExecutor().submitCompletable(() -> "value").get()).isEqualTo("value");
    }

    @Test
    void theExecutorViewRejectsAsSpringDoesOnceTheRuntimeIsClosed() {
        runtime.close();
        assertThatThrownBy(() -> spawner.asExecutor().execute(() -> {})).isInstanceOf(TaskRejectedException.class);
        assertThatThrownBy(() -> spawner.asExecutor().submit(() -> {})).isInstanceOf(TaskRejectedException.class);
    }

    @Test
    void spawnReturnsACancelledHandleOnceTheRuntimeIsClosed() {
        runtime.close();
        assertThat(spawner.spawn(() -> "never").isCancelled()).isTrue();
    }
}
