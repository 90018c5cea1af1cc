/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.channel.Oneshot;
import dev.weft.task.JoinHandle;
import dev.weft.task.TaskAction;
import dev.weft.time.Time;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What one task leaves on its thread must not reach the next one there. In shared mode every task has a new thread. */
@Timeout(60)
class HygieneTests {

    @RegisterExtension
    final Runtimes runtimes = new Runtimes();

    /** One worker, so that tasks follow each other on one thread; no rescue, which would bring another thread. */
    final WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(1).stallThreshold(Duration.ofMinutes(1)));

    /** Runs one task and then another on the same thread, and returns what the second one found. */
    private <T> T afterTask(TaskAction leavesBehind, Callable<T> finds) throws Exception {
        Thread first = weft.spawn(() -> {
            leavesBehind.run();
            return Thread.currentThread();
        })
                .join();
        return nextOn(first, finds);
    }

    private <T> T nextOn(Thread first, Callable<T> finds) throws Exception {
        return weft.spawn(() -> {
            assertThat(Thread.currentThread() == first)
                    .as("the second task is on the thread of the first")
                    .isEqualTo(Runtimes.dedicated());
            return finds.call();
        })
                .join();
    }

    // ---- thread-locals -----------------------------------------------------------------------------------------------

    private static final ThreadLocal<String> LOCAL = ThreadLocal.withInitial(() -> "initial");
    private static final InheritableThreadLocal<String> INHERITABLE = new InheritableThreadLocal<>();
    private static final ScopedValue<String> SCOPED = ScopedValue.newInstance();

    @Test
    void threadLocalsDoNotReachTheNextTask() throws Exception {
        assertThat(afterTask(
                () -> {
                    LOCAL.set("left behind");
                    assertThat(LOCAL.get()).isEqualTo("left behind");
                },
                LOCAL::get))
                .isEqualTo("initial");
    }

    @Test
    void inheritableThreadLocalsDoNotReachTheNextTask() throws Exception {
        assertThat(afterTask(() -> INHERITABLE.set("left behind"), INHERITABLE::get)).isNull();
    }

    @Test
    void theSpawnersInheritableThreadLocalsAreNotInherited() throws Exception {
        INHERITABLE.set("the spawner's");
        try {
            assertThat(weft.spawn(INHERITABLE::get).join()).isNull();
            assertThat(weft.<String, Exception>blockOn(() -> {
                INHERITABLE.set("the parent's");
                return Task.spawn(INHERITABLE::get).join();
            }))
                    .isNull();
        } finally {
            INHERITABLE.remove();
        }
    }

    @Test
    void threadLocalsSurviveTheSuspensionsOfTheirOwnTask() throws Exception {
        assertThat(weft.<String, Exception>blockOn(() -> {
            LOCAL.set("mine");
            var other = Task.spawn(() -> LOCAL.set("another's"));
            Time.sleep(Duration.ofMillis(2));
            other.join();
            return LOCAL.get();
        }))
                .isEqualTo("mine");
    }

    @Test
    void scopedValuesEndWithTheirTaskAndAreNotInherited() throws Exception {
        assertThat(afterTask(
                () -> ScopedValue.where(SCOPED, "bound").call(() -> {
                    Time.sleep(Duration.ofMillis(1));
                    assertThat(SCOPED.get()).isEqualTo("bound");
                    assertThat(Task.spawn(SCOPED::isBound).join()).isFalse();
                    return 0;
                }),
                SCOPED::isBound))
                .isFalse();
        assertThat(afterTask(
                () -> {
                    try {
                        ScopedValue.where(SCOPED, "bound").run(() -> {
                            throw new IllegalStateException();
                        });
                    } catch (IllegalStateException e) {
                        assertThat(SCOPED.isBound()).isFalse();
                    }
                },
                SCOPED::isBound))
                .isFalse();
    }

    // ---- what the Thread object carries ------------------------------------------------------------------------------

    @Test
    void theContextClassLoaderIsTheSpawnersForEachTask() throws Exception {
        ClassLoader mine = Thread.currentThread().getContextClassLoader();
        try (var other = new URLClassLoader(new URL[0], mine)) {
            assertThat(afterTask(
                    () -> Thread.currentThread().setContextClassLoader(other),
                    () -> Thread.currentThread().getContextClassLoader()))
                    .isSameAs(mine);
            Thread.currentThread().setContextClassLoader(other);
            try {
                assertThat(weft.spawn(() -> Thread.currentThread().getContextClassLoader()).join())
                        .isSameAs(other);
                assertThat(weft.<ClassLoader, Exception>blockOn(
                        () -> Task.spawn(() -> Thread.currentThread().getContextClassLoader()).join()))
                        .isSameAs(other);
                Thread.currentThread().setContextClassLoader(null);
                assertThat(weft.spawn(() -> Thread.currentThread().getContextClassLoader()).join())
                        .isNull();
            } finally {
                Thread.currentThread().setContextClassLoader(mine);
            }
        }
    }

    @Test
    void aContextClassLoaderOfTheRuntimeGoesBeforeTheSpawners() throws Exception {
        try (var own = new URLClassLoader(new URL[0], null)) {
            WeftRuntime other = runtimes.start(builder -> builder.contextClassLoader(own));
            assertThat(other.spawn(() -> Thread.currentThread().getContextClassLoader()).join())
                    .isSameAs(own);
            assertThat(other.spawnBlocking(() -> Thread.currentThread().getContextClassLoader())
                    .join())
                    .isSameAs(own);
        }
    }

    @Test
    void theNameDoesNotReachTheNextTask() throws Exception {
        assertThat(afterTask(
                () -> Thread.currentThread().setName("left behind"),
                () -> Thread.currentThread().getName()))
                .isEmpty();
        Thread first = weft.named("first").spawn(Thread::currentThread).join();
        assertThat(nextOn(first, () -> Thread.currentThread().getName())).isEmpty();
    }

    @Test
    void anUncaughtExceptionHandlerDoesNotReachTheNextTask() throws Exception {
        Thread.UncaughtExceptionHandler mine = (thread, e) -> {};
        assertThat(afterTask(
                () -> {
                    Thread.currentThread().setUncaughtExceptionHandler(mine);
                    assertThat(Task.current()).isPresent();
                    Time.sleep(Duration.ofMillis(1)); // comes back as a guest, for the scheduler knows it no more
                    Thread.yield();
                    assertThat(Thread.currentThread().getUncaughtExceptionHandler()).isSameAs(mine);
                    assertThat(Task.spawn(() -> 1).join()).isEqualTo(1);
                },
                () -> Thread.currentThread().getUncaughtExceptionHandler() == mine))
                .isFalse();
    }

    @Test
    void aTaskWithoutItsHandlerIsStillFoundAndAborted() throws Exception {
        Oneshot<Void> started = Oneshot.signal();
        JoinHandle<?> task = weft.spawn(() -> {
            Thread.currentThread().setUncaughtExceptionHandler((thread, e) -> {});
            started.sender().signal();
            Time.sleep(Duration.ofDays(1));
        });
        started.receiver().await();
        assertThat(weft.task(task.id())).isPresent();
        task.abort();
        await().until(task::isCancelled);
    }

    @Test
    void anInterruptDoesNotReachTheNextTask() throws Exception {
        assertThat(afterTask(
                () -> Thread.currentThread().interrupt(), () -> Thread.currentThread().isInterrupted()))
                .isFalse();
    }

    @Test
    void anAbortThatTheTaskIgnoredDoesNotReachTheNextTask() throws Exception {
        for (int i = 0; i < 50; i++) {
            var aborted = new AtomicBoolean();
            Oneshot<Void> started = Oneshot.signal();
            JoinHandle<Thread> first = weft.spawn(() -> {
                started.sender().signal();
                while (!aborted.get()) {
                    Thread.yield();
                }
                return Thread.currentThread();
            });
            started.receiver().await();
            first.abort();
            aborted.set(true);
            assertThat(nextOn(first.join(), () -> {
                boolean hit = Thread.currentThread().isInterrupted();
                Time.sleep(Duration.ofNanos(1));
                return hit;
            }))
                    .isFalse();
        }
    }

    @Test
    void anInterruptOfASavedThreadBetweenTwoTasksReachesNeither() throws Exception {
        for (int i = 0; i < 50; i++) {
            Thread saved = weft.spawn(Thread::currentThread).join();
            assertThat(weft.awaitQuiet(Duration.ofSeconds(30))).isTrue();
            await().until(() -> saved.getState() == Thread.State.WAITING || !saved.isAlive());
            saved.interrupt();
            assertThat(nextOn(saved, () -> {
                boolean hit = Thread.currentThread().isInterrupted();
                Time.sleep(Duration.ofNanos(1));
                return hit;
            }))
                    .isFalse();
        }
    }

    private boolean firstParkWaits(TaskAction leavesBehind) throws Exception {
        var released = new AtomicBoolean();
        Oneshot<Thread> parking = Oneshot.create();
        Thread first = weft.spawn(() -> {
            leavesBehind.run();
            return Thread.currentThread();
        })
                .join();
        JoinHandle<Boolean> second = weft.spawn(() -> {
            assertThat(Thread.currentThread() == first).isEqualTo(Runtimes.dedicated());
            parking.sender().send(Thread.currentThread());
            LockSupport.park();
            return released.get();
        });
        Thread thread = parking.receiver().receive();
        await().until(() -> thread.getState() == Thread.State.WAITING || second.isDone());
        released.set(true);
        LockSupport.unpark(thread);
        return second.join();
    }

    @Test
    void theParkPermitThatASleepLeavesDoesNotReachTheNextTask() throws Exception {
        for (int i = 0; i < 20; i++) {
            assertThat(firstParkWaits(() -> Thread.sleep(1))).isTrue();
        }
    }

    @Test
    void aParkPermitThatATaskGaveItselfDoesNotReachTheNextTask() throws Exception {
        for (int i = 0; i < 20; i++) {
            assertThat(firstParkWaits(() -> LockSupport.unpark(Thread.currentThread()))).isTrue();
        }
    }

    // ---- what Weft itself keeps by thread ----------------------------------------------------------------------------

    @Test
    void aRuntimeThatWasEnteredAndNotLeftDoesNotReachTheNextTask() throws Exception {
        WeftRuntime other = runtimes.start(builder -> builder.name("other"));
        assertThat(afterTask(
                () -> {
                    var entered = other.enter();
                    assertThat(entered).isNotNull();
                    assertThat(Task.spawn(() -> Thread.currentThread()).join()).isNotNull();
                },
                () -> {
                    long before = other.metrics().spawned();
                    Task.spawn(() -> 1).join();
                    return other.metrics().spawned() - before;
                }))
                .isZero();
    }

    @Test
    void aDeadlineThatWasCutShortDoesNotReachTheNextTask() throws Exception {
        for (int i = 0; i < 50; i++) {
            assertThat(afterTask(
                    () -> Time.timeout(Duration.ofNanos(500_000), () -> {
                        if (System.nanoTime() % 2 == 0) {
                            Thread.yield();
                        }
                        return 1;
                    }),
                    () -> {
                        Time.sleep(Duration.ofMillis(1));
                        return Thread.currentThread().isInterrupted();
                    }))
                    .isFalse();
        }
    }

    @Test
    void theTaskItselfDoesNotReachTheNextTask() throws Exception {
        var firstId = new long[1];
        assertThat(afterTask(
                () -> firstId[0] = Task.current().orElseThrow().id(),
                () -> Task.current().orElseThrow().id()))
                .isNotEqualTo(firstId[0]);
    }

    // ---- what cannot be undone, and the remedy -----------------------------------------------------------------------

    @Test
    void aThreadWhoseStructuredScopeWasLeftOpenIsNotUsedAgain() throws Exception {
        Method open;
        try {
            open = Class.forName("java.util.concurrent.StructuredTaskScope").getMethod("open");
            weft.spawn(() -> ((AutoCloseable) open.invoke(null)).close()).join();
        } catch (ReflectiveOperationException | dev.weft.task.TaskFailedException e) {
            assumeTrue(false, "structured concurrency is a preview that this JVM has not enabled: " + e);
            return;
        }
        Thread first = weft.spawn(() -> {
            assertThat(open.invoke(null)).isNotNull();
            return Thread.currentThread();
        })
                .join();
        assertThat(weft.spawn(() -> Thread.currentThread() == first).join()).isFalse();
        assertThat(first.join(Duration.ofSeconds(30))).isTrue();
    }

    @Test
    void aTaskWithAThreadOfItsOwnSharesItWithNobody() throws Exception {
        var lock = new ReentrantLock();
        TaskBuilder own = weft.named("own").ownThread();
        Thread before = weft.spawn(Thread::currentThread).join();
        Thread first = own.spawn(() -> {
            lock.lock();
            return Thread.currentThread();
        })
                .join();
        assertThat(first).isNotSameAs(before);
        assertThat(first.join(Duration.ofSeconds(30))).as("the thread ends with its task").isTrue();
        assertThat(own.spawn(() -> lock.tryLock()).join()).isFalse();
        assertThat(weft.spawn(() -> lock.tryLock()).join()).isFalse();
        assertThat(own.spawn(Thread::currentThread).join()).isNotSameAs(first);
        assertThat(weft.spawn(Thread::currentThread).join()).isNotSameAs(first);
    }

    @Test
    void threadsOfTheFactoryAreOneForEachBody() throws Exception {
        var factory = weft.threadFactory();
        var sameLock = new ReentrantLock();
        Thread first = factory.newThread(sameLock::lock);
        first.start();
        first.join();
        assertThat(first.isVirtual()).isTrue();
        assertThat(first.getName()).startsWith("weft-test-thread-");
        var got = new AtomicBoolean();
        Thread second = factory.newThread(() -> got.set(sameLock.tryLock()));
        second.start();
        second.join();
        assertThat(second).isNotSameAs(first);
        assertThat(got).isFalse();
    }

    @Test
    void aThreadOfTheFactoryIsInTheRuntimeInDedicatedMode() throws Exception {
        Oneshot<Integer> got = Oneshot.create();
        Thread thread = weft.threadFactory().newThread(() -> {
            try (var entered = weft.enter()) {
                assertThat(entered).isNotNull();
                got.sender().send(Task.spawn(() -> 7).join());
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        thread.start();
        assertThat(got.receiver().receive()).isEqualTo(7);
        thread.join();
        assertThat(weft.metrics().guests() > 0).isEqualTo(Runtimes.dedicated());
    }
}
