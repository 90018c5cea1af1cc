/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.scope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.Runtimes;
import dev.weft.Task;
import dev.weft.WeftRuntime;
import dev.weft.channel.Oneshot;
import dev.weft.metrics.TaskInfo;
import dev.weft.task.JoinHandle;
import dev.weft.task.TaskAbortedException;
import dev.weft.task.TaskCancelledException;
import dev.weft.task.TaskFailedException;
import dev.weft.time.Time;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A child that nobody has started when its set is joined runs on the joiner's own stack, and neither notices. */
@Tag("dedicated-only")
@Timeout(60)
class InlineJoinTests {

    private static final Duration FOREVER = Duration.ofDays(1);
    private static final ThreadLocal<String> LOCAL = new ThreadLocal<>();
    private static final ScopedValue<String> SCOPED = ScopedValue.newInstance();

    @RegisterExtension
    final Runtimes runtimes = new Runtimes();

    /** One worker and no rescue: nobody else can start the children. */
    final WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(1).stallThreshold(Duration.ofMinutes(1)));

    @Test
    void theChildRunsOnTheJoinersThread() throws Exception {
        weft.blockOn(() -> {
            Thread me = Thread.currentThread();
            try (JoinSet<Thread> set = JoinSet.open()) {
                for (int i = 0; i < 10; i++) {
                    set.spawn(Thread::currentThread);
                }
                assertThat(set.joinAll()).hasSize(10).allMatch(thread -> thread == me);
                set.spawn(Thread::currentThread);
                assertThat(set.joinNext().orElseThrow().join()).isSameAs(me);
            }
        });
        assertThat(weft.awaitQuiet(Duration.ofSeconds(30))).isTrue();
        assertThat(weft.metrics().completed()).isEqualTo(12);
    }

    @Test
    void aBareJoinNeverRunsTheChildOnTheJoinersThread() throws Exception {
        weft.blockOn(() -> {
            Thread me = Thread.currentThread();
            assertThat(Task.spawn(Thread::currentThread).join()).isNotSameAs(me);
        });
    }

    @Test
    void theChildSeesACleanThreadAndTheParentGetsItsOwnBack() throws Exception {
        ClassLoader mine = Thread.currentThread().getContextClassLoader();
        try (var parents = new URLClassLoader(new URL[0], mine)) {
            weft.named("parent").spawn(() -> {
                Thread me = Thread.currentThread();
                ClassLoader spawners = me.getContextClassLoader();
                long id = Task.current().orElseThrow().id();
                LOCAL.set("the parent's");
                try (JoinSet<Long> set = JoinSet.open()) {
                    set.named("child").spawn(() -> {
                        assertThat(Thread.currentThread()).isSameAs(me);
                        assertThat(LOCAL.get()).isNull();
                        assertThat(me.getName()).isEqualTo("child");
                        assertThat(me.getContextClassLoader()).isSameAs(spawners);
                        assertThat(me.isInterrupted()).isFalse();
                        LOCAL.set("the child's");
                        me.setContextClassLoader(null);
                        me.setUncaughtExceptionHandler((thread, e) -> {});
                        me.interrupt();
                        LockSupport.unpark(me);
                        return Task.current().orElseThrow().id();
                    });
                    me.setContextClassLoader(parents);
                    JoinHandle<Long> child = set.joinNext().orElseThrow();
                    assertThat(child.join()).isEqualTo(child.id()).isNotEqualTo(id);
                }
                assertThat(LOCAL.get()).isEqualTo("the parent's");
                assertThat(me.getName()).isEqualTo("parent");
                assertThat(me.getContextClassLoader()).isSameAs(parents);
                assertThat(me.isInterrupted()).isFalse();
                assertThat(Task.current().orElseThrow().id()).isEqualTo(id);
                long start = System.nanoTime();
                LockSupport.parkNanos(2_000_000); // the child's permit would end it at once
                assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(2_000_000);
                Time.sleep(Duration.ofMillis(1));
            })
                    .join();
        }
    }

    @Test
    void theParentsPendingInterruptAndPermitAreSetAside() throws Exception {
        weft.blockOn(() -> {
            Thread me = Thread.currentThread();
            try (JoinSet<Boolean> set = JoinSet.open()) {
                set.spawn(() -> {
                    boolean hit = Thread.currentThread().isInterrupted();
                    Time.sleep(Duration.ofNanos(1));
                    return hit || Thread.currentThread() != me;
                });
                LockSupport.unpark(me);
                assertThat(set.joinAll()).containsExactly(false);
                LockSupport.park(); // the parent's own permit is still there: returns at once
            }
        });
    }

    @Test
    void theChildMaySuspendAndBlock() throws Exception {
        weft.blockOn(() -> {
            try (JoinSet<Integer> set = JoinSet.open()) {
                Oneshot<Integer> message = Oneshot.create();
                set.spawn(() -> {
                    Task.spawn(() -> message.sender().send(4));
                    Time.sleep(Duration.ofMillis(1));
                    Thread.sleep(1);
                    return message.receiver().receive();
                });
                assertThat(set.joinAll()).containsExactly(4);
            }
        });
    }

    @Test
    void theChildsFailureIsItsOwn() throws Exception {
        weft.blockOn(() -> {
            try (JoinSet<Integer> set = JoinSet.open()) {
                JoinHandle<Integer> child = set.spawn(() -> {
                    throw new IllegalStateException("mine");
                });
                assertThatThrownBy(set::joinAll).isInstanceOf(TaskFailedException.class).hasRootCauseMessage("mine");
                assertThat(child.isDone()).isTrue();
                set.spawn(() -> {
                    throw new StackOverflowError();
                });
                assertThatThrownBy(set::joinAll).hasCauseInstanceOf(StackOverflowError.class);
            }
        });
    }

    @Test
    void anAbortOfTheParentAbortsTheChildWithItsReasonAndReachesTheParentAfterwards() throws Exception {
        Oneshot<Throwable> childSaw = Oneshot.create();
        Oneshot<Throwable> parentSaw = Oneshot.create();
        Oneshot<Thread> childStarted = Oneshot.create();
        JoinHandle<?> parent = weft.spawn(() -> {
            try (JoinSet<Integer> set = JoinSet.open()) {
                set.spawn(() -> {
                    childStarted.sender().send(Thread.currentThread());
                    try {
                        Time.sleep(FOREVER);
                    } catch (InterruptedException e) {
                        childSaw.sender().send(e);
                        throw e;
                    }
                    return 1;
                });
                try {
                    set.joinAll();
                } catch (Exception e) {
                    parentSaw.sender().send(e);
                    throw e;
                }
            }
        });
        Thread thread = childStarted.receiver().receive();
        await().until(() -> thread.getState() == Thread.State.WAITING);
        assertThat(parent.abort("the parent's reason")).isTrue();
        assertThat(childSaw.receiver().receive())
                .isInstanceOfSatisfying(TaskAbortedException.class, e -> assertThat(e.reason())
                        .isEqualTo("the parent's reason"));
        assertThat(parentSaw.receiver().receive())
                .isInstanceOfAny(InterruptedException.class, TaskCancelledException.class);
        assertThatThrownBy(parent::join)
                .isInstanceOf(TaskCancelledException.class)
                .hasMessageContaining("the parent's reason");
    }

    @Test
    void aChildThatIsDeafToTheAbortKeepsItsParentUnhurtUntilItEnds() throws Exception {
        Oneshot<Void> release = Oneshot.signal();
        Oneshot<Void> started = Oneshot.signal();
        var interruptedAfterRelease = new AtomicBoolean();
        JoinHandle<?> parent = weft.spawn(() -> {
            try (JoinSet<Integer> set = JoinSet.open()) {
                set.spawn(() -> {
                    started.sender().signal();
                    for (;;) {
                        try {
                            release.receiver().await();
                            interruptedAfterRelease.set(Thread.currentThread().isInterrupted());
                            return 1;
                        } catch (InterruptedException e) {
                            // deaf on purpose
                        }
                    }
                });
                set.joinAll();
            }
            Time.sleep(FOREVER);
        });
        started.receiver().await();
        await().until(() -> weft.tasks(false, 10).stream().anyMatch(info -> info.state() == TaskInfo.State.SUSPENDED));
        parent.abort();
        assertThat(parent.isDone()).isFalse();
        release.sender().signal();
        assertThatThrownBy(parent::join).isInstanceOf(TaskCancelledException.class);
        assertThat(interruptedAfterRelease).isFalse();
    }

    @Test
    void anAbortOfTheChildDoesNotReachTheParent() throws Exception {
        Oneshot<JoinHandle<Integer>> handle = Oneshot.create();
        Oneshot<Void> started = Oneshot.signal();
        JoinHandle<String> parent = weft.spawn(() -> {
            try (JoinSet<Integer> set = JoinSet.open()) {
                handle.sender().send(set.spawn(() -> {
                    started.sender().signal();
                    Time.sleep(FOREVER);
                    return 1;
                }));
                JoinHandle<Integer> child = set.joinNext().orElseThrow();
                return child.state() + " " + Thread.currentThread().isInterrupted();
            }
        });
        started.receiver().await();
        handle.receiver().receive().abort();
        assertThat(parent.join()).isEqualTo("CANCELLED false");
    }

    @Test
    void underADeadlineChildrenAreNotRunInline() throws Exception {
        weft.blockOn(() -> {
            Thread me = Thread.currentThread();
            try (JoinSet<Thread> set = JoinSet.open()) {
                set.spawn(Thread::currentThread);
                List<Thread> threads = Time.timeout(FOREVER, set::joinAll);
                assertThat(threads).doesNotContain(me);
                set.spawn(Thread::currentThread);
                assertThat(set.collectWithin(FOREVER).values()).doesNotContain(me);
            }
        });
    }

    @Test
    void aChildWithDeadlinesOfItsOwnKeepsThemToItself() throws Exception {
        weft.blockOn(() -> {
            try (JoinSet<String> set = JoinSet.open()) {
                set.spawn(() -> {
                    try {
                        Time.timeout(Duration.ofMillis(1), () -> Time.sleep(FOREVER));
                    } catch (java.util.concurrent.TimeoutException e) {
                        return "timed out";
                    }
                    return "slept";
                });
                assertThat(set.joinAll()).containsExactly("timed out");
            }
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            assertThat(Time.<Integer, Exception>timeout(FOREVER, () -> 1)).isEqualTo(1);
        });
    }

    @Test
    void aParentWithScopedValuesDoesNotShowThemToItsChildren() throws Exception {
        weft.blockOn(() -> ScopedValue.where(SCOPED, "the parent's").call(() -> {
            try (JoinSet<Boolean> set = JoinSet.open()) {
                set.spawn(SCOPED::isBound);
                assertThat(set.joinAll()).containsExactly(false);
            }
            assertThat(SCOPED.get()).isEqualTo("the parent's");
            return 0;
        }));
    }

    private static int nest(int depth) throws InterruptedException {
        if (depth == 0) {
            return 0;
        }
        try (JoinSet<Integer> set = JoinSet.open()) {
            set.spawn(() -> nest(depth - 1) + 1);
            return set.joinAll().getFirst();
        }
    }

    @Test
    void nestingDeeperThanTheLimitWorksToo() throws Exception {
        assertThat(weft.<Integer, Exception>blockOn(() -> nest(100))).isEqualTo(100);
        assertThat(weft.awaitQuiet(Duration.ofSeconds(30))).isTrue();
        assertThat(weft.metrics().completed()).isEqualTo(101);
    }

    @Test
    void childrenOfAnotherRuntimeAreNotRunInline() throws Exception {
        WeftRuntime other = runtimes.start(builder -> builder.name("other"));
        weft.blockOn(() -> {
            Thread me = Thread.currentThread();
            try (JoinSet<Thread> set = other.joinSet()) {
                set.spawn(Thread::currentThread);
                assertThat(set.joinAll()).doesNotContain(me);
            }
        });
    }

    @Test
    void aChildIsRunOnceAlthoughAnotherWorkerWantsItToo() throws Exception {
        WeftRuntime busy = runtimes.start(builder -> builder.workerThreads(2));
        List<JoinHandle<Integer>> parents = new ArrayList<>();
        for (int p = 0; p < 20; p++) {
            parents.add(busy.spawn(() -> {
                int sum = 0;
                for (int round = 0; round < 50; round++) {
                    try (JoinSet<Integer> set = JoinSet.open()) {
                        for (int i = 0; i < 10; i++) {
                            set.spawn(() -> 1);
                        }
                        for (int one : set.joinAll()) {
                            sum += one;
                        }
                    }
                }
                return sum;
            }));
        }
        for (JoinHandle<Integer> parent : parents) {
            assertThat(parent.join()).isEqualTo(500);
        }
        assertThat(busy.awaitQuiet(Duration.ofSeconds(30))).isTrue();
        assertThat(busy.metrics().completed()).isEqualTo(20 + 20 * 500);
    }

    @Test
    void anAbortedChildThatWasNeverStartedIsNotRunInline() throws Exception {
        weft.blockOn(() -> {
            var ran = new AtomicBoolean();
            try (JoinSet<Integer> set = JoinSet.open()) {
                JoinHandle<Integer> child = set.spawn(() -> {
                    ran.set(true);
                    return 1;
                });
                child.abort("first");
                assertThatThrownBy(set::joinAll).isInstanceOf(TaskCancelledException.class);
            }
            assertThat(ran).isFalse();
        });
    }

    @Test
    void aParentThatIsAbortedAlreadyDoesNotRunItsChildren() throws Exception {
        var ran = new AtomicBoolean();
        JoinHandle<?> parent = weft.spawn(() -> {
            try (JoinSet<Integer> set = JoinSet.open()) {
                set.spawn(() -> {
                    ran.set(true);
                    return 1;
                });
                Task.current().orElseThrow().abort("by itself");
                set.joinAll();
            }
        });
        assertThatThrownBy(parent::join).isInstanceOf(TaskCancelledException.class);
        assertThat(ran).isFalse();
    }
}
