/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.weft.Runtimes;
import dev.weft.Task;
import dev.weft.WeftRuntime;
import dev.weft.channel.Oneshot;
import dev.weft.metrics.TaskInfo;
import dev.weft.scope.JoinSet;
import dev.weft.task.JoinHandle;
import dev.weft.task.Op;
import dev.weft.task.TaskAbortedException;
import dev.weft.task.TaskCancelledException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A deadline around work: the innermost expired one throws, and nothing of it outlives the call. */
@Timeout(60)
class TimeoutTests {

    private static final Duration SOON = Duration.ofMillis(2);
    private static final Duration LONG = Duration.ofDays(1);

    @RegisterExtension
    final Runtimes runtimes = new Runtimes();

    final WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(2));

    @Test
    void workThatIsDoneInTimeReturnsItsValue() throws Exception {
        weft.blockOn(() -> {
            assertThat(Time.<Integer, RuntimeException>timeout(LONG, () -> 1)).isEqualTo(1);
            assertThat(Time.<Integer, Exception>timeout(LONG, () -> {
                Time.sleep(SOON);
                return 2;
            }))
                    .isEqualTo(2);
            Time.timeout(Duration.ofSeconds(Long.MAX_VALUE), () -> Time.sleep(SOON));
        });
        assertThat(weft.metrics().timers().live()).isLessThanOrEqualTo(2);
    }

    @Test
    void workThatIsTooLateIsInterruptedAndBecomesATimeout() throws Exception {
        weft.blockOn(() -> {
            assertThatThrownBy(() -> Time.timeout(SOON, () -> Time.sleep(LONG)))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessageContaining("PT0.002S")
                    .hasCauseInstanceOf(InterruptedException.class);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            assertThatThrownBy(() -> Time.timeout(SOON, () -> Thread.sleep(LONG))).isInstanceOf(TimeoutException.class);
            assertThatThrownBy(() -> Time.timeout(SOON, () -> new LinkedBlockingQueue<>().take()))
                    .isInstanceOf(TimeoutException.class);
            assertThatThrownBy(() -> Time.timeout(SOON, () -> Oneshot.create().receiver().receive()))
                    .isInstanceOf(TimeoutException.class);
            assertThatThrownBy(() -> Time.timeout(SOON, () -> Task.spawn(() -> Time.sleep(LONG)).join()))
                    .isInstanceOf(TimeoutException.class);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            Time.sleep(SOON);
        });
    }

    @Test
    void theWorkRunsOnTheSameTask() throws Exception {
        weft.blockOn(() -> {
            long id = Task.current().orElseThrow().id();
            Thread me = Thread.currentThread();
            Time.timeout(LONG, () -> {
                assertThat(Task.current().orElseThrow().id()).isEqualTo(id);
                assertThat(Thread.currentThread()).isSameAs(me);
            });
        });
    }

    @Test
    void theWorksOwnExceptionInTimeIsItsOwn() throws Exception {
        var mine = new IOException("mine");
        Op<Integer, IOException> failing = () -> {
            throw mine;
        };
        weft.blockOn(() -> {
            assertThat(catchThrowable(() -> Time.timeout(LONG, failing))).isSameAs(mine);
            Time.sleep(SOON);
        });
    }

    @Test
    void anErrorIsNeverHiddenByATimeout() throws Exception {
        var error = new AssertionError("mine");
        weft.blockOn(() -> {
            assertThat(catchThrowable(() -> Time.timeout(SOON, () -> {
                try {
                    Time.sleep(LONG);
                } catch (InterruptedException e) {
                    throw error;
                }
            })))
                    .isSameAs(error);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        });
    }

    @Test
    void aValueThatComesInSpiteOfTheTimeoutTookEffectAndIsReturned() throws Exception {
        weft.blockOn(() -> {
            assertThat(Time.<String, Exception>timeout(SOON, () -> {
                try {
                    Time.sleep(LONG);
                } catch (InterruptedException e) {
                    return "took effect";
                }
                return "slept";
            }))
                    .isEqualTo("took effect");
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            Time.sleep(SOON);
        });
    }

    @Test
    void aLimitOfZeroOrLessFailsAtTheFirstSuspensionAndLetsDoneWorkBe() throws Exception {
        weft.blockOn(() -> {
            assertThatThrownBy(() -> Time.timeout(Duration.ZERO, () -> Time.sleep(LONG)))
                    .isInstanceOf(TimeoutException.class);
            assertThatThrownBy(() -> Time.timeout(Duration.ofSeconds(-5), () -> Time.sleep(LONG)))
                    .isInstanceOf(TimeoutException.class);
            assertThat(Time.<Integer, Exception>timeout(Duration.ZERO, () -> 7)).isEqualTo(7);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            Time.sleep(SOON);
        });
    }

    @Test
    void workThatNeverStopsYieldingStillTimesOut() throws Exception {
        weft.blockOn(() -> assertThatThrownBy(() -> Time.timeout(SOON, () -> {
            for (;;) {
                Task.yieldNow();
                Task.checkpoint();
            }
        }))
                .isInstanceOf(TimeoutException.class));
    }

    // ---- nesting -----------------------------------------------------------------------------------------------------

    @Test
    void anInnerDeadlineEndsItsOwnWorkOnly() throws Exception {
        String value = weft.blockOn(() -> Time.<String, Exception>timeout(LONG, () -> {
            assertThatThrownBy(() -> Time.timeout(SOON, () -> Time.sleep(LONG))).isInstanceOf(TimeoutException.class);
            Time.sleep(SOON);
            return "outer work went on";
        }));
        assertThat(value).isEqualTo("outer work went on");
    }

    @Test
    void anOuterDeadlineEndsTheInnerWorkAsAnInterruptOfTheInnerAndATimeoutOfTheOuter() throws Exception {
        weft.blockOn(() -> {
            var innerTimedOut = new AtomicBoolean();
            assertThatThrownBy(() -> Time.timeout(SOON, () -> {
                try {
                    Time.timeout(LONG, () -> Time.sleep(LONG));
                } catch (TimeoutException e) {
                    innerTimedOut.set(true);
                }
            }))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessageContaining(SOON.toString());
            assertThat(innerTimedOut).isFalse();
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            Time.sleep(SOON);
        });
    }

    @Test
    void whenBothHavePassedTheInnerThrowsFirstAndTheOuterNext() throws Exception {
        weft.blockOn(() -> {
            var innerTimedOut = new AtomicBoolean();
            assertThatThrownBy(() -> Time.timeout(Duration.ofMillis(3), () -> {
                try {
                    Time.timeout(Duration.ofMillis(1), () -> {
                        long until = System.nanoTime() + 30_000_000;
                        while (System.nanoTime() < until) {
                            Thread.yield();
                        }
                        Time.sleep(LONG);
                    });
                } catch (TimeoutException e) {
                    innerTimedOut.set(true);
                }
                Time.sleep(LONG);
            }))
                    .isInstanceOf(TimeoutException.class);
            assertThat(innerTimedOut).isTrue();
            Time.sleep(SOON);
        });
    }

    @Test
    void deadlinesNestDeeply() throws Exception {
        weft.blockOn(() -> {
            assertThat(nested(50)).isEqualTo(50);
            assertThatThrownBy(() -> Time.timeout(SOON, () -> {
                nested(20);
                Time.sleep(LONG);
            }))
                    .isInstanceOf(TimeoutException.class);
        });
    }

    private static int nested(int depth) throws Exception {
        return depth == 0 ? 0 : 1 + Time.<Integer, Exception>timeout(LONG, () -> nested(depth - 1));
    }

    // ---- with aborts and children ------------------------------------------------------------------------------------

    @Test
    void anAbortInsideADeadlineIsAnAbort() throws Exception {
        Oneshot<Throwable> seen = Oneshot.create();
        JoinHandle<?> task = weft.spawn(() -> {
            try {
                Time.timeout(LONG, () -> Time.sleep(LONG));
            } catch (Throwable e) {
                seen.sender().send(e);
                throw e;
            }
        });
        await().until(() -> weft.task(task.id())
                .map(info -> info.state() == TaskInfo.State.SUSPENDED)
                .orElse(false));
        task.abort("enough");
        assertThatThrownBy(task::join).isInstanceOf(TaskCancelledException.class).hasMessageContaining("enough");
        assertThat(seen.receiver().receive()).isInstanceOf(TaskAbortedException.class);
    }

    @Test
    void anAbortThatMeetsATimeoutIsNotLost() throws Exception {
        for (int i = 0; i < 200; i++) {
            Oneshot<Void> started = Oneshot.signal();
            JoinHandle<?> task = weft.spawn(() -> {
                started.sender().signal();
                try {
                    Time.timeout(Duration.ofNanos(300_000), () -> Time.sleep(LONG));
                } catch (TimeoutException e) {
                    // the abort must still end this:
                }
                Time.sleep(LONG);
            });
            started.receiver().await();
            if (i % 2 == 0) {
                Thread.yield();
            }
            task.abort();
            assertThatThrownBy(task::join).isInstanceOf(TaskCancelledException.class);
        }
    }

    @Test
    void theCallersOwnInterruptInsideADeadlineIsAnInterrupt() throws Exception {
        weft.blockOn(() -> {
            assertThatThrownBy(() -> Time.timeout(LONG, () -> {
                Thread.currentThread().interrupt();
                Time.sleep(LONG);
            }))
                    .isInstanceOf(InterruptedException.class);
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> Time.timeout(LONG, () -> 1)).isInstanceOf(InterruptedException.class);
        });
    }

    @Test
    void childrenAreNotHitByTheDeadlineOfTheirParent() throws Exception {
        weft.blockOn(() -> {
            Oneshot<Void> go = Oneshot.signal();
            JoinHandle<Boolean> child = Task.spawn(() -> {
                go.receiver().await();
                return Thread.currentThread().isInterrupted();
            });
            assertThatThrownBy(() -> Time.timeout(SOON, child::join)).isInstanceOf(TimeoutException.class);
            go.sender().signal();
            assertThat(child.join()).isFalse();
        });
    }

    @Test
    void aSetThatIsJoinedUnderADeadlineEndsWithIt() throws Exception {
        weft.blockOn(() -> {
            try (JoinSet<Integer> set = JoinSet.open()) {
                set.spawn(() -> {
                    Time.sleep(LONG);
                    return 1;
                });
                assertThatThrownBy(() -> Time.timeout(SOON, set::joinAll)).isInstanceOf(TimeoutException.class);
                assertThat(set.size()).isEqualTo(1);
            }
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        });
    }

    @Test
    void aDeadlineHoldsWhileAChildRunsInlineOfASetThatWasOpenedOutside() throws Exception {
        weft.blockOn(() -> {
            try (JoinSet<Integer> set = JoinSet.open()) {
                assertThatThrownBy(() -> Time.timeout(SOON, () -> {
                    set.spawn(() -> {
                        Time.sleep(LONG);
                        return 1;
                    });
                    return set.joinNext();
                }))
                        .isInstanceOf(TimeoutException.class);
            }
        });
    }

    @Test
    void itWorksOnAForeignThreadThatEntered() throws Exception {
        try (var entered = weft.enter()) {
            assertThat(entered).isNotNull();
            assertThatThrownBy(() -> Time.timeout(SOON, () -> Thread.sleep(LONG))).isInstanceOf(TimeoutException.class);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }
    }

    @Test
    void itWorksInABlockingJob() throws Exception {
        assertThat(weft.spawnBlocking(() -> catchThrowable(() -> Time.timeout(SOON, () -> Thread.sleep(LONG))))
                .join())
                .isInstanceOf(TimeoutException.class);
    }

    @Test
    void aStaleInterruptNeverOutlivesTheCall() throws Exception {
        weft.blockOn(() -> {
            for (int i = 0; i < 2_000; i++) {
                try {
                    Time.timeout(Duration.ofNanos(1_000 + i % 100 * 1_000), () -> {
                        for (int n = 0; n < 5; n++) {
                            Thread.yield();
                        }
                        return 1;
                    });
                } catch (TimeoutException e) {
                    throw new AssertionError("nothing in there can be interrupted", e);
                }
                assertThat(Thread.currentThread().isInterrupted()).isFalse();
            }
        });
    }

    /** Whoever enforces a deadline needs a processor, which those that wait for it must not keep among themselves. */
    @Test
    void deadlinesThatPassWhileEveryProcessorIsBusyAreEnforced() throws Exception {
        List<JoinHandle<Boolean>> tasks = new ArrayList<>();
        for (int i = 0; i < 4 * Runtime.getRuntime().availableProcessors(); i++) {
            tasks.add(weft.spawn(() -> {
                long until = System.nanoTime() + 10_000_000;
                Time.timeout(Duration.ofMillis(1), () -> {
                    while (System.nanoTime() - until < 0) {
                        Thread.onSpinWait();
                    }
                });
                return Thread.currentThread().isInterrupted();
            }));
        }
        for (JoinHandle<Boolean> task : tasks) {
            assertThat(task.join()).isFalse();
        }
    }
}
