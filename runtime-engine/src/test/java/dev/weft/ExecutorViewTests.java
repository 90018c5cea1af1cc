/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.channel.Oneshot;
import dev.weft.task.JoinHandle;
import dev.weft.time.Time;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class ExecutorViewTests {

    @RegisterExtension
    final Runtimes runtimes = new Runtimes();

    final ConcurrentLinkedQueue<Throwable> uncaught = new ConcurrentLinkedQueue<>();

    final WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(2)
            .uncaughtHandler((runtime, id, name, failure) -> uncaught.add(failure)));

    final ExecutorService executor = weft.asExecutorService();

    @Test
    void eachCommandIsATask() throws Exception {
        assertThat(executor.submit(() -> Task.current().isPresent()).get()).isTrue();
        Oneshot<Boolean> said = Oneshot.create();
        executor.execute(() -> said.sender().send(Task.current().isPresent()));
        assertThat(said.receiver().receive()).isTrue();
        assertThat(executor.submit(() -> {}, "result").get()).isEqualTo("result");
        assertThat(executor.submit(() -> {}).get()).isNull();
        assertThat(weft.metrics().spawned()).isEqualTo(4);
    }

    @Test
    void whatSubmitReturnsIsAJoinHandle() throws Exception {
        Future<Integer> future = executor.submit(() -> 3);
        assertThat(future).isInstanceOf(JoinHandle.class);
        assertThat(future.get()).isEqualTo(3);
        assertThat(future.resultNow()).isEqualTo(3);
    }

    @Test
    void theFailureOfASubmittedCommandIsInItsFutureAndNowhereElse() throws Exception {
        var mine = new IllegalStateException("mine");
        Future<?> future = executor.submit((Callable<?>) () -> {
            throw mine;
        });
        assertThatThrownBy(future::get).isInstanceOf(ExecutionException.class).cause().isSameAs(mine);
        weft.close();
        assertThat(uncaught).isEmpty();
    }

    @Test
    void theFailureOfAnExecutedCommandIsUncaughtAtOnce() {
        var mine = new IllegalStateException("mine");
        executor.execute(() -> {
            throw mine;
        });
        await().untilAsserted(() -> assertThat(uncaught).containsExactly(mine));
    }

    @Test
    void invokeAllAndInvokeAnyWork() throws Exception {
        List<Callable<Integer>> bodies = List.of(() -> 1, () -> 2, () -> 3);
        int sum = 0;
        for (Future<Integer> future : executor.invokeAll(bodies)) {
            sum += future.get();
        }
        assertThat(sum).isEqualTo(6);
        Callable<Integer> endless = () -> {
            Time.sleep(Duration.ofDays(1));
            return 1;
        };
        Callable<Integer> two = () -> 2;
        Integer any = executor.invokeAny(List.of(endless, two));
        assertThat(any).isEqualTo(2);
        List<Future<Integer>> late = executor.invokeAll(List.of(endless), 1, TimeUnit.MILLISECONDS);
        assertThat(late).allMatch(Future::isCancelled);
    }

    @Test
    void completableFuturesRunOnIt() throws Exception {
        assertThat(CompletableFuture.supplyAsync(() -> Task.current().isPresent(), executor)
                .thenApplyAsync(there -> there && Task.current().isPresent(), executor)
                .get())
                .isTrue();
    }

    @Test
    void nullCommandsAreRefused() {
        assertThatNullPointerException().isThrownBy(() -> executor.execute(null));
        assertThatNullPointerException().isThrownBy(() -> executor.submit((Runnable) null));
        assertThatNullPointerException().isThrownBy(() -> executor.submit((Callable<?>) null));
        assertThatNullPointerException().isThrownBy(() -> executor.submit(null, 1));
    }

    @Test
    void shuttingItDownLeavesTheRuntimeAndOtherViewsAlone() throws Exception {
        ExecutorService other = weft.asExecutorService();
        Oneshot<Void> go = Oneshot.signal();
        Future<?> running = executor.submit(() -> {
            go.receiver().await();
            return null;
        });
        executor.shutdown();
        assertThat(executor.isShutdown()).isTrue();
        assertThat(executor.isTerminated()).isFalse();
        assertThat(executor.awaitTermination(1, TimeUnit.MILLISECONDS)).isFalse();
        assertThatThrownBy(() -> executor.execute(() -> {}))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("shut down");
        assertThatThrownBy(() -> executor.submit(() -> 1)).isInstanceOf(RejectedExecutionException.class);
        assertThat(other.submit(() -> 1).get()).isEqualTo(1);
        go.sender().signal();
        running.get();
        assertThat(executor.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS)).isTrue();
        assertThat(executor.isTerminated()).isTrue();
        assertThat(weft.<Integer, Exception>blockOn(() -> 2)).isEqualTo(2);
    }

    @Test
    void shutdownNowAbortsItsOwnTasksOnly() throws Exception {
        Oneshot<Void> go = Oneshot.signal();
        JoinHandle<String> outside = weft.spawn(() -> {
            go.receiver().await();
            return "untouched";
        });
        Future<?> mine = executor.submit(() -> {
            Time.sleep(Duration.ofDays(1));
            return null;
        });
        assertThat(executor.shutdownNow()).isEmpty();
        assertThat(executor.awaitTermination(50, TimeUnit.SECONDS)).isTrue();
        assertThat(mine.isCancelled()).isTrue();
        go.sender().signal();
        assertThat(outside.join()).isEqualTo("untouched");
    }

    @Test
    void closeWaitsForItsTasks() throws Exception {
        var ended = new AtomicBoolean();
        Oneshot<Void> go = Oneshot.signal();
        executor.submit(() -> {
            go.receiver().await();
            ended.set(true);
            return null;
        });
        weft.spawn(() -> go.sender().signal());
        executor.close();
        assertThat(ended).isTrue();
        assertThat(executor.isTerminated()).isTrue();
    }

    @Test
    void aTerminatedExecutorIsSeenByWhoeverAwaitedItBeforeTheShutdown() throws Exception {
        Oneshot<Boolean> terminated = Oneshot.create();
        Thread.ofPlatform().start(() -> {
            try {
                terminated.sender().send(executor.awaitTermination(50, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                terminated.sender().close();
            }
        });
        executor.submit(() -> 1).get();
        executor.shutdown();
        assertThat(terminated.receiver().receive()).isTrue();
    }

    @Test
    void tasksOfTheRuntimeMaySubmitWhileItDrains() throws Exception {
        Oneshot<Void> go = Oneshot.signal();
        JoinHandle<Integer> task = weft.spawn(() -> {
            go.receiver().await();
            return executor.submit(() -> 5).get();
        });
        Thread closer = Thread.ofPlatform().start(() -> weft.shutdown(Duration.ofDays(1), Duration.ZERO));
        await().until(() -> weft.state() == WeftRuntime.State.DRAINING);
        assertThatThrownBy(() -> executor.submit(() -> 1)).isInstanceOf(RejectedExecutionException.class);
        go.sender().signal();
        assertThat(task.join()).isEqualTo(5);
        closer.join();
    }

    @Test
    void manySmallCommandsAreAllRunAndForgotten() throws Exception {
        var ran = new AtomicInteger();
        for (int i = 0; i < 5_000; i++) {
            executor.execute(ran::incrementAndGet);
        }
        executor.shutdown();
        assertThat(executor.awaitTermination(50, TimeUnit.SECONDS)).isTrue();
        assertThat(ran).hasValue(5_000);
    }
}
