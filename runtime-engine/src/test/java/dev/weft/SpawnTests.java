/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.channel.Oneshot;
import dev.weft.scope.JoinSet;
import dev.weft.task.JoinHandle;
import dev.weft.task.Op;
import dev.weft.task.TaskAction;
import dev.weft.task.TaskFailedException;
import dev.weft.time.Time;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SpawnTests {

    @RegisterExtension
    final Runtimes runtimes = new Runtimes();

    final WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(2));

    @Test
    void aTaskReturnsItsValueToWhoeverJoins() throws Exception {
        JoinHandle<String> task = weft.spawn(() -> "value");
        assertThat(task.join()).isEqualTo("value");
        assertThat(task.join()).isEqualTo("value");
        assertThat(task.isDone()).isTrue();
        assertThat(task.state()).isEqualTo(Future.State.SUCCESS);
    }

    @Test
    void aTaskMayReturnNull() throws Exception {
        Callable<String> nothing = () -> null;
        assertThat(weft.spawn(nothing).join()).isNull();
    }

    @Test
    void anActionHasNoValue() throws Exception {
        var ran = new AtomicBoolean();
        assertThat(weft.spawn(() -> ran.set(true)).join()).isNull();
        assertThat(ran).isTrue();
    }

    @Test
    void theEarlierTimerEndsFirst() throws Exception {
        List<String> ended = weft.blockOn(() -> {
            List<String> order = new ArrayList<>();
            Oneshot<String> first = Oneshot.create();
            var a = Task.spawn(() -> {
                first.receiver().receive();
                order.add("a");
            });
            var b = Task.spawn(() -> {
                Time.sleep(Duration.ofMillis(5));
                order.add("b");
                first.sender().send("b has ended");
            });
            a.join();
            b.join();
            return order;
        });
        assertThat(ended).containsExactly("b", "a");
    }

    @Test
    void tasksAreVirtualThreadsAndDaemons() throws Exception {
        assertThat(weft.<Boolean, Exception>blockOn(() -> Thread.currentThread().isVirtual()
                && Thread.currentThread().isDaemon()))
                .isTrue();
    }

    @Test
    void spawningWorksFromManyForeignThreadsAtOnce() throws Exception {
        int threads = 4;
        int each = 500;
        var ran = new AtomicInteger();
        var start = new CountDownLatch(1);
        List<Thread> spawners = new ArrayList<>();
        List<List<JoinHandle<?>>> handles = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            List<JoinHandle<?>> mine = new ArrayList<>();
            handles.add(mine);
            spawners.add(Thread.ofPlatform().start(() -> {
                try {
                    start.await();
                } catch (InterruptedException e) {
                    return;
                }
                for (int n = 0; n < each; n++) {
                    mine.add(weft.spawn(ran::incrementAndGet));
                }
            }));
        }
        start.countDown();
        for (Thread spawner : spawners) {
            spawner.join();
        }
        for (List<JoinHandle<?>> mine : handles) {
            for (JoinHandle<?> handle : mine) {
                handle.join();
            }
        }
        assertThat(ran).hasValue(threads * each);
    }

    @Test
    void tasksSpawnTasksWithoutEnd() throws Exception {
        Oneshot<Void> last = Oneshot.signal();
        spawnChain(10_000, last);
        last.receiver().await();
    }

    private void spawnChain(int left, Oneshot<?> last) {
        weft.spawn(() -> {
            if (left == 0) {
                last.sender().signal();
            } else {
                spawnChain(left - 1, last);
            }
        });
    }

    @Test
    void moreTasksThanTheRingHoldsAllRun() throws Exception {
        int tasks = 10_000;
        var ran = new AtomicInteger();
        weft.blockOn(() -> {
            List<JoinHandle<?>> handles = new ArrayList<>();
            for (int i = 0; i < tasks; i++) {
                handles.add(Task.spawn(ran::incrementAndGet));
            }
            for (JoinHandle<?> handle : handles) {
                handle.join();
            }
        });
        assertThat(ran).hasValue(tasks);
    }

    @Test
    void aDroppedHandleDetachesTheTaskAndCancelsNothing() throws Exception {
        Oneshot<String> said = Oneshot.create();
        Oneshot<Void> go = Oneshot.signal();
        weft.spawn(() -> {
            go.receiver().await();
            return said.sender().send("ran");
        });
        System.gc();
        go.sender().signal();
        assertThat(said.receiver().receive()).isEqualTo("ran");
    }

    // ---- bad input ---------------------------------------------------------------------------------------------------

    @Test
    void aNullBodyIsRefusedWhereItIsGiven() throws Exception {
        Callable<String> callable = null;
        TaskAction action = null;
        Op<String, Exception> op = null;
        Op.Void<Exception> voidOp = null;
        assertThatNullPointerException().isThrownBy(() -> weft.spawn(callable));
        assertThatNullPointerException().isThrownBy(() -> weft.spawn(action));
        assertThatNullPointerException().isThrownBy(() -> weft.spawnBlocking(callable));
        assertThatNullPointerException().isThrownBy(() -> weft.spawnBlocking(action));
        assertThatNullPointerException().isThrownBy(() -> weft.blockOn(op));
        assertThatNullPointerException().isThrownBy(() -> weft.blockOn(voidOp));
        assertThatNullPointerException().isThrownBy(() -> weft.named(null));
        assertThatNullPointerException().isThrownBy(() -> weft.named("x").tag(null, "v"));
        assertThatNullPointerException().isThrownBy(() -> weft.named("x").tag("k", null));
        assertThatNullPointerException().isThrownBy(() -> weft.named("x").spawn(callable));
        assertThatNullPointerException().isThrownBy(() -> weft.named("x").spawn(action));
        assertThatNullPointerException().isThrownBy(() -> weft.named("x").spawnBlocking(callable));
        assertThatNullPointerException().isThrownBy(() -> weft.named("x").spawnBlocking(action));
        weft.blockOn(() -> {
            assertThatNullPointerException().isThrownBy(() -> Task.spawn(callable));
            assertThatNullPointerException().isThrownBy(() -> Task.spawn(action));
            assertThatNullPointerException().isThrownBy(() -> Task.spawnBlocking(callable));
            assertThatNullPointerException().isThrownBy(() -> Task.blockInPlace(op));
            assertThatNullPointerException().isThrownBy(() -> Time.timeout(Duration.ofSeconds(1), op));
            assertThatNullPointerException().isThrownBy(() -> Time.timeout(Duration.ofSeconds(1), voidOp));
            try (JoinSet<String> set = JoinSet.open()) {
                assertThatNullPointerException().isThrownBy(() -> set.spawn(callable));
                assertThatNullPointerException().isThrownBy(() -> set.spawn(action));
                assertThatNullPointerException().isThrownBy(() -> set.named(null));
                assertThat(set.isEmpty()).isTrue();
            }
        });
        assertThat(weft.awaitQuiet(Duration.ofSeconds(30))).isTrue();
        assertThatNullPointerException().isThrownBy(() -> weft.spawn(() -> 1).abort(null));
    }

    static class Odd extends Throwable {}

    @SuppressWarnings("unchecked")
    private static <X extends Throwable> void sneaky(Throwable thrown) throws X {
        throw (X) thrown;
    }

    @Test
    void whateverTheBodyThrowsReachesTheJoinerAsTheCause() throws Exception {
        for (Throwable thrown : List.of(
                new IOException("checked"),
                new IllegalArgumentException("unchecked"),
                new AssertionError("error"),
                new NoClassDefFoundError("linkage"),
                new ThreadDeathLike(),
                new Odd(),
                new InterruptedException("not an abort"))) {
            JoinHandle<?> task = weft.spawn(() -> SpawnTests.<Exception>sneaky(thrown));
            assertThatThrownBy(task::join)
                    .isInstanceOf(TaskFailedException.class)
                    .hasMessageContaining("task " + task.id() + " failed")
                    .cause()
                    .isSameAs(thrown);
            assertThatThrownBy(task::get)
                    .isInstanceOf(java.util.concurrent.ExecutionException.class)
                    .cause()
                    .isSameAs(thrown);
            assertThat(task.state()).isEqualTo(Future.State.FAILED);
            assertThat(task.exceptionNow()).isSameAs(thrown);
            assertThat(task.isCancelled()).isFalse();
        }
        assertThat(weft.<Integer, Exception>blockOn(() -> 1)).isEqualTo(1);
    }

    static final class ThreadDeathLike extends Error {}

    private static int recurse(int depth) {
        return recurse(depth + 1) + 1;
    }

    @Test
    void aStackOverflowFailsItsTaskAndNothingElse() throws Exception {
        for (int i = 0; i < 20; i++) {
            JoinHandle<Integer> task = weft.spawn(() -> recurse(0));
            assertThatThrownBy(task::join).isInstanceOf(TaskFailedException.class).hasCauseInstanceOf(
                    StackOverflowError.class);
        }
        assertThat(weft.<Integer, Exception>blockOn(() -> 1)).isEqualTo(1);
    }

    /** Spawns at every depth, so that the stack ends in the middle of a spawn. */
    private static final class Diver {

        private final TaskAction spawn;
        private long spawned;
        private int sink;

        Diver(TaskAction spawn) {
            this.spawn = spawn;
        }

        long spawned() {
            return spawned;
        }

        void dive(int first) {
            try {
                descend(first);
            } catch (StackOverflowError expected) {
                sink++;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        /** The first few calls spawn nothing: they shift where the stack ends. */
        private void descend(int first) throws Exception {
            if (first <= 0) {
                spawn.run();
                spawned++;
            }
            descend(first - 1);
            sink++;
        }
    }

    @Test
    void noTaskIsLostWhenTheStackEndsInTheMiddleOfASpawn() throws Exception {
        var ran = new AtomicLong();
        long spawned = 0;
        for (int round = 0; round < 120; round++) {
            int first = round % 61;
            var outside = new Diver(() -> weft.spawn(() -> {
                ran.incrementAndGet();
            }));
            Thread thread = new Thread(null, () -> outside.dive(first), "diver", 160 * 1024);
            thread.start();
            thread.join();
            var inside = new Diver(() -> Task.spawn(() -> {
                ran.incrementAndGet();
            }));
            weft.spawn(() -> inside.dive(first)).join();
            spawned += outside.spawned() + inside.spawned();
            long expected = spawned;
            // One more for each in whose spawn the stack ended after it had taken effect.
            await().untilAsserted(() -> assertThat(ran.get()).isGreaterThanOrEqualTo(expected));
            assertThat(weft.<Integer, Exception>blockOn(() -> 1)).isEqualTo(1);
        }
    }

    @Test
    void anOutOfMemoryErrorFailsItsTaskAndNothingElse() throws Exception {
        int others = 50;
        List<JoinHandle<Integer>> sleepers = new ArrayList<>();
        for (int i = 0; i < others; i++) {
            sleepers.add(weft.spawn(() -> {
                Time.sleep(Duration.ofMillis(2));
                return 1;
            }));
        }
        for (int i = 0; i < 5; i++) {
            JoinHandle<long[][]> task = weft.spawn(() -> new long[Integer.MAX_VALUE - 8][Integer.MAX_VALUE - 8]);
            assertThatThrownBy(task::join)
                    .isInstanceOf(TaskFailedException.class)
                    .hasCauseInstanceOf(OutOfMemoryError.class);
        }
        int sum = 0;
        for (JoinHandle<Integer> sleeper : sleepers) {
            sum += sleeper.join();
        }
        assertThat(sum).isEqualTo(others);
    }

    @Test
    void aTaskThatJoinsItselfIsToldSo() throws Exception {
        Oneshot<JoinHandle<?>> self = Oneshot.create();
        JoinHandle<String> task = weft.spawn(() -> {
            JoinHandle<?> me = self.receiver().receive();
            assertThatIllegalStateException().isThrownBy(me::join).withMessageContaining("joins itself");
            assertThatIllegalStateException().isThrownBy(me::get).withMessageContaining("joins itself");
            assertThatIllegalStateException()
                    .isThrownBy(() -> me.get(1, java.util.concurrent.TimeUnit.DAYS))
                    .withMessageContaining("joins itself");
            assertThatIllegalStateException()
                    .isThrownBy(() -> Task.current().orElseThrow().join())
                    .withMessageContaining("joins itself");
            return "told";
        });
        self.sender().send(task);
        assertThat(task.join()).isEqualTo("told");
    }

    @Test
    void blockOnInsideATaskOfTheSameRuntimeIsRefusedAndNamesTheRemedy() throws Exception {
        weft.blockOn(() -> {
            assertThatIllegalStateException()
                    .isThrownBy(() -> weft.blockOn(() -> 1))
                    .withMessageContaining("inside a task of the same runtime 'test'")
                    .withMessageContaining("Task.spawn");
            assertThatThrownBy(() -> Task.spawnBlocking(() -> weft.blockOn(() -> 1)).join())
                    .isInstanceOf(TaskFailedException.class)
                    .cause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("inside a task");
        });
    }

    @Test
    void blockOnOfAnotherRuntimeWorksInsideATask() throws Exception {
        WeftRuntime other = runtimes.start(builder -> builder.name("other"));
        assertThat(weft.<String, Exception>blockOn(() -> other.blockOn(() -> Task.spawn(() -> "there").join())))
                .isEqualTo("there");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Task.spawn", "Task.spawnBlocking", "Task.named", "JoinSet.open", "Time.after",
        "Time.timeout"})
    void outsideOfARuntimeAnOperationNamesTheWaysIn(String operation) {
        assertThatIllegalStateException()
                .isThrownBy(() -> {
                    switch (operation) {
                        case "Task.spawn" -> Task.spawn(() -> 1);
                        case "Task.spawnBlocking" -> Task.spawnBlocking(() -> 1);
                        case "Task.named" -> Task.named("x");
                        case "JoinSet.open" -> JoinSet.open();
                        case "Time.after" -> Time.after(Duration.ZERO);
                        default -> Time.timeout(Duration.ZERO, () -> {});
                    }
                })
                .withMessageContaining(operation)
                .withMessageContaining("runtime.spawn")
                .withMessageContaining("runtime.enter()")
                .withMessageContaining(Thread.currentThread().getName());
    }

    @Test
    void outsideOfARuntimeThereIsNoTaskAndYieldAndBlockInPlaceJustRun() throws Exception {
        assertThat(Task.current()).isEmpty();
        Task.yieldNow();
        Task.checkpoint();
        assertThat(Task.<Integer, Exception>blockInPlace(() -> 3)).isEqualTo(3);
    }

    // ---- blockOn -----------------------------------------------------------------------------------------------------

    @Test
    void blockOnThrowsTheBodysOwnException() {
        var checked = new IOException("mine");
        Op<Integer, IOException> body = () -> {
            throw checked;
        };
        assertThatThrownBy(() -> weft.blockOn(body)).isSameAs(checked);
        var error = new AssertionError("mine");
        Op.Void<RuntimeException> failing = () -> {
            throw error;
        };
        assertThatThrownBy(() -> weft.blockOn(failing)).isSameAs(error);
    }

    @Test
    void anInterruptOfTheCallerOfBlockOnAbortsTheBody() throws Exception {
        Oneshot<String> seen = Oneshot.create();
        Oneshot<Void> started = Oneshot.signal();
        var thrown = new Throwable[1];
        Thread caller = Thread.ofPlatform().start(() -> {
            try {
                weft.blockOn(() -> {
                    started.sender().signal();
                    try {
                        Time.sleep(Duration.ofDays(1));
                    } catch (InterruptedException e) {
                        seen.sender().send(e.getMessage());
                        throw e;
                    }
                });
            } catch (Throwable e) {
                thrown[0] = e;
            }
        });
        started.receiver().await();
        caller.interrupt();
        caller.join();
        assertThat(thrown[0]).isInstanceOf(InterruptedException.class);
        assertThat(seen.receiver().receive()).isEqualTo("the caller of blockOn was interrupted");
    }

    @Test
    void manyShortCallsOfBlockOnStillFireTimers() throws Exception {
        JoinHandle<String> sleeper = weft.spawn(() -> {
            Time.sleep(Duration.ofMillis(20));
            return "woken";
        });
        while (!sleeper.isDone()) {
            weft.blockOn(() -> 1);
        }
        assertThat(sleeper.join()).isEqualTo("woken");
    }

    @Test
    void severalThreadsBlockOnTheSameRuntimeAtOnce() throws Exception {
        Oneshot<String> a = Oneshot.create();
        Oneshot<String> b = Oneshot.create();
        Thread one = Thread.ofPlatform().start(() -> {
            try {
                weft.blockOn(() -> b.sender().send(a.receiver().receive()));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        String got = weft.blockOn(() -> {
            a.sender().send("round trip");
            return b.receiver().receive();
        });
        one.join();
        assertThat(got).isEqualTo("round trip");
    }

    // ---- identity ----------------------------------------------------------------------------------------------------

    @Test
    void idsAreEqualInsideInItsFinallyAndInTheHandleAndNeverCollide() throws Exception {
        Set<Long> ids = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            var inside = new long[2];
            JoinHandle<?> task = weft.spawn(() -> {
                try {
                    inside[0] = Task.current().orElseThrow().id();
                } finally {
                    inside[1] = Task.current().orElseThrow().id();
                }
            });
            task.join();
            assertThat(inside).containsOnly(task.id());
            assertThat(ids.add(task.id())).isTrue();
        }
    }

    @Test
    void theIdIsStillThereWhileAnAbortedTaskUnwinds() throws Exception {
        var inside = new long[1];
        Oneshot<Void> started = Oneshot.signal();
        JoinHandle<?> task = weft.named("unwinding").spawn(() -> {
            try {
                started.sender().signal();
                Time.sleep(Duration.ofDays(1));
            } finally {
                inside[0] = Task.current().orElseThrow().id();
            }
        });
        started.receiver().await();
        task.abort();
        assertThatThrownBy(task::join).isInstanceOf(dev.weft.task.TaskCancelledException.class);
        assertThat(inside[0]).isEqualTo(task.id());
    }

    @Test
    void nameAndTagsAreReadableFromTheHandleTheThreadAndTheList() throws Exception {
        Oneshot<String> threadName = Oneshot.create();
        Oneshot<Void> go = Oneshot.signal();
        JoinHandle<?> task = weft.named("price-feed").tag("venue", "XNYS").spawn(() -> {
            threadName.sender().send(Thread.currentThread().getName());
            go.receiver().await();
        });
        assertThat(threadName.receiver().receive()).isEqualTo("price-feed");
        assertThat(task.name()).isEqualTo("price-feed");
        assertThat(weft.task(task.id())).hasValueSatisfying(info -> {
            assertThat(info.name()).isEqualTo("price-feed");
            assertThat(info.tags()).containsOnlyKeys("venue").containsValue("XNYS");
        });
        assertThat(task).asString().contains("'price-feed'").contains("running");
        go.sender().signal();
        task.join();
        assertThat(task).asString().contains("success");
    }

    @Test
    void aBuilderOfTasksMayBeUsedAgainAndLaterTagsDoNotReachEarlierTasks() throws Exception {
        Oneshot<Void> go = Oneshot.signal();
        TaskBuilder builder = weft.named("twin").tag("n", "1");
        JoinHandle<?> one = builder.spawn(() -> go.receiver().await());
        JoinHandle<Integer> two = builder.tag("n", "2").tag("m", "3").spawn(() -> 2);
        assertThat(weft.task(one.id()).orElseThrow().tags()).containsOnlyKeys("n").containsEntry("n", "1");
        assertThat(two.join()).isEqualTo(2);
        go.sender().signal();
        one.join();
    }
}
