/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.scope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.Logs;
import dev.weft.Runtimes;
import dev.weft.Task;
import dev.weft.WeftRuntime;
import dev.weft.channel.Oneshot;
import dev.weft.metrics.TaskInfo;
import dev.weft.task.JoinHandle;
import dev.weft.task.TaskCancelledException;
import dev.weft.task.TaskFailedException;
import dev.weft.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class JoinSetTests {

    private static final Duration FOREVER = Duration.ofDays(1);

    @RegisterExtension
    final Runtimes runtimes = new Runtimes();

    final WeftRuntime weft = runtimes.start(
            builder -> builder.workerThreads(2).shutdownAbortPeriod(Duration.ofMillis(30)));

    private static void awaitDeafly(Oneshot<Void> signal) {
        for (;;) {
            try {
                signal.receiver().await();
                return;
            } catch (InterruptedException e) {
                // ignored on purpose
            }
        }
    }

    // ---- joinAll -----------------------------------------------------------------------------------------------------

    @Test
    void joinAllReturnsTheValuesInSpawnOrderAndEmptiesTheSet() throws Exception {
        weft.blockOn(() -> {
            try (JoinSet<Integer> set = JoinSet.open()) {
                for (int i = 0; i < 5; i++) {
                    int n = i;
                    set.spawn(() -> {
                        Time.sleep(Duration.ofMillis(5 - n));
                        return n * 2;
                    });
                }
                assertThat(set.size()).isEqualTo(5);
                assertThat(set.joinAll()).containsExactly(0, 2, 4, 6, 8);
                assertThat(set.isEmpty()).isTrue();
                assertThat(set.joinAll()).isEmpty();
                set.spawn(() -> 9);
                assertThat(set.joinAll()).containsExactly(9);
            }
        });
    }

    @Test
    void valuesMayBeNullAndActionsHaveNone() throws Exception {
        weft.blockOn(() -> {
            try (JoinSet<String> set = JoinSet.open()) {
                set.spawn(() -> null);
                set.spawn(() -> "x");
                set.spawn(() -> {});
                assertThat(set.joinAll()).containsExactly(null, "x", null);
            }
        });
    }

    @Test
    void theFirstFailureAbortsTheRestAndIsThrown() throws Exception {
        weft.blockOn(() -> {
            var unwound = new AtomicInteger();
            try (JoinSet<Integer> set = JoinSet.open()) {
                Oneshot<Void> fail = Oneshot.signal();
                List<JoinHandle<Integer>> others = new ArrayList<>();
                for (int i = 0; i < 5; i++) {
                    Oneshot<Void> started = Oneshot.signal();
                    others.add(set.spawn(() -> {
                        try {
                            started.sender().signal();
                            Time.sleep(FOREVER);
                            return 1;
                        } finally {
                            unwound.incrementAndGet();
                        }
                    }));
                    started.receiver().await();
                }
                set.spawn(() -> {
                    fail.receiver().await();
                    throw new IllegalStateException("the failure");
                });
                Task.spawn(() -> {
                    Time.sleep(Duration.ofMillis(1));
                    fail.sender().signal();
                });
                assertThatThrownBy(set::joinAll)
                        .isInstanceOf(TaskFailedException.class)
                        .cause()
                        .hasMessage("the failure");
                assertThat(set.size()).as("the failed child was handed out by throwing").isEqualTo(5);
                for (JoinHandle<Integer> other : others) {
                    assertThatThrownBy(other::join)
                            .isInstanceOf(TaskCancelledException.class)
                            .hasMessageContaining("another child of its join set");
                }
            }
            assertThat(unwound).hasValue(5);
        });
    }

    @Test
    void aFailureOfALateChildIsSeenAlthoughEarlierOnesStillRun() throws Exception {
        weft.blockOn(() -> {
            try (JoinSet<Integer> set = JoinSet.open()) {
                set.spawn(() -> {
                    Time.sleep(FOREVER);
                    return 1;
                });
                set.spawn(() -> {
                    Time.sleep(Duration.ofMillis(1));
                    throw new IllegalStateException("late");
                });
                if (Runtimes.dedicated()) {
                    // Let the endless one start by itself, or it would be joined inline.
                    Task.yieldNow();
                    Time.sleep(Duration.ofMillis(1));
                }
                assertThatThrownBy(set::joinAll).hasRootCauseMessage("late");
            }
        });
    }

    @Test
    void aFailureThatComesJustAsTheJoinBeginsIsSeen() throws Exception {
        weft.blockOn(() -> {
            for (int i = 0; i < 500; i++) {
                try (JoinSet<Integer> set = JoinSet.open()) {
                    Oneshot<Void> started = Oneshot.signal();
                    Oneshot<Void> fail = Oneshot.signal();
                    set.spawn(() -> {
                        started.sender().signal();
                        Time.sleep(FOREVER);
                        return 1;
                    });
                    started.receiver().await();
                    Oneshot<Void> failing = Oneshot.signal();
                    set.spawn(() -> {
                        failing.sender().signal();
                        fail.receiver().await();
                        throw new IllegalStateException("just now");
                    });
                    failing.receiver().await();
                    fail.sender().signal();
                    assertThatThrownBy(set::joinAll).hasRootCauseMessage("just now");
                }
            }
        });
    }

    @Test
    void aChildThatSomebodyAbortedIsReportedAsSuch() throws Exception {
        weft.blockOn(() -> {
            try (JoinSet<Integer> set = JoinSet.open()) {
                JoinHandle<Integer> child = set.spawn(() -> {
                    Time.sleep(FOREVER);
                    return 1;
                });
                set.spawn(() -> {
                    Time.sleep(FOREVER);
                    return 2;
                });
                Task.yieldNow();
                child.abort("by somebody");
                assertThatThrownBy(set::joinAll)
                        .isInstanceOfSatisfying(TaskCancelledException.class, e -> assertThat(e.reason())
                                .isEqualTo("by somebody"));
            }
        });
    }

    @Test
    void anAbortOfTheJoinerLeavesTheChildrenInTheSetAndTheCloseAbortsThem() throws Exception {
        var childEnded = new AtomicBoolean();
        Oneshot<Integer> sizeSeen = Oneshot.create();
        Oneshot<Void> childStarted = Oneshot.signal();
        JoinHandle<?> joiner = weft.spawn(() -> {
            try (JoinSet<Integer> set = JoinSet.open()) {
                set.spawn(() -> {
                    try {
                        childStarted.sender().signal();
                        Time.sleep(FOREVER);
                        return 1;
                    } finally {
                        childEnded.set(true);
                    }
                });
                childStarted.receiver().await();
                try {
                    set.joinNext();
                } catch (InterruptedException e) {
                    sizeSeen.sender().send(set.size());
                    throw e;
                }
            }
        });
        await().until(() -> weft.task(joiner.id())
                .map(info -> info.state() == TaskInfo.State.SUSPENDED)
                .orElse(false));
        joiner.abort();
        assertThatThrownBy(joiner::join).isInstanceOf(TaskCancelledException.class);
        assertThat(sizeSeen.receiver().receive()).isEqualTo(1);
        assertThat(childEnded).as("the child had unwound before its parent ended").isTrue();
    }

    // ---- joinNext ----------------------------------------------------------------------------------------------------

    @Test
    void joinNextHandsChildrenOutInTheOrderOfTheirEnds() throws Exception {
        weft.blockOn(() -> {
            try (JoinSet<Integer> set = JoinSet.open()) {
                List<Oneshot<Void>> gates = new ArrayList<>();
                for (int i = 0; i < 5; i++) {
                    int n = i;
                    Oneshot<Void> gate = Oneshot.signal();
                    Oneshot<Void> started = Oneshot.signal();
                    gates.add(gate);
                    set.spawn(() -> {
                        started.sender().signal();
                        gate.receiver().await();
                        return n;
                    });
                    started.receiver().await();
                }
                List<Integer> order = new ArrayList<>();
                for (int n : new int[] {3, 0, 4, 1, 2}) {
                    gates.get(n).sender().signal();
                    order.add(set.joinNext().orElseThrow().join());
                }
                assertThat(order).containsExactly(3, 0, 4, 1, 2);
                assertThat(set.joinNext()).isEmpty();
            }
        });
    }

    @Test
    void joinNextTakesFailedAndAbortedChildrenAsTheyCome() throws Exception {
        weft.blockOn(() -> {
            try (JoinSet<Integer> set = JoinSet.open()) {
                set.spawn(() -> {
                    throw new IllegalStateException("failed");
                });
                JoinHandle<Integer> first = set.joinNext().orElseThrow();
                assertThat(first.state()).isEqualTo(Future.State.FAILED);
                assertThat(first.exceptionNow()).hasMessage("failed");
                Oneshot<Void> started = Oneshot.signal();
                JoinHandle<Integer> endless = set.spawn(() -> {
                    started.sender().signal();
                    Time.sleep(FOREVER);
                    return 1;
                });
                started.receiver().await();
                endless.abort();
                assertThat(set.joinNext()).hasValue(endless);
                assertThat(endless.isCancelled()).isTrue();
            }
        });
    }

    @Test
    void eachChildIsHandedOutOnceWhenSpawnsAndJoinsMix() throws Exception {
        weft.blockOn(() -> {
            try (JoinSet<Integer> set = JoinSet.open()) {
                int sum = 0;
                int expected = 0;
                int taken = 0;
                for (int i = 0; i < 100; i++) {
                    int n = i;
                    expected += n;
                    set.spawn(() -> {
                        if (n % 3 == 0) {
                            Task.yieldNow();
                        }
                        return n;
                    });
                    if (i % 2 == 0) {
                        sum += set.joinNext().orElseThrow().join();
                        taken++;
                    }
                }
                for (Optional<JoinHandle<Integer>> next; (next = set.joinNext()).isPresent();) {
                    sum += next.get().join();
                    taken++;
                }
                assertThat(taken).isEqualTo(100);
                assertThat(sum).isEqualTo(expected);
            }
        });
    }

    @Test
    void afterAFailedJoinAllTheRestIsHandedOutOnceAndNewChildrenAreSeen() throws Exception {
        weft.blockOn(() -> {
            try (JoinSet<Integer> set = JoinSet.open()) {
                Oneshot<Void> gate = Oneshot.signal();
                set.spawn(() -> 1);
                set.spawn(() -> {
                    gate.receiver().await();
                    throw new IllegalStateException("bad");
                });
                set.spawn(() -> {
                    Time.sleep(FOREVER);
                    return 3;
                });
                Task.yieldNow();
                assertThat(set.joinNext().orElseThrow().join()).isEqualTo(1);
                gate.sender().signal();
                assertThatThrownBy(set::joinAll).hasRootCauseMessage("bad");
                assertThat(set.size()).isEqualTo(1);
                JoinHandle<Integer> fresh = set.spawn(() -> {
                    Task.yieldNow();
                    return 4;
                });
                List<JoinHandle<Integer>> rest = List.of(set.joinNext().orElseThrow(), set.joinNext().orElseThrow());
                assertThat(rest).contains(fresh).doesNotHaveDuplicates();
                assertThat(set.joinNext()).isEmpty();
            }
        });
    }

    // ---- collectWithin -----------------------------------------------------------------------------------------------

    @Test
    void collectWithinTellsDoneFailedCancelledAndLateApart() throws Exception {
        weft.blockOn(() -> {
            Collected<Integer> collected;
            var lateUnwound = new AtomicBoolean();
            try (JoinSet<Integer> set = JoinSet.open()) {
                set.named("quick").spawn(() -> 1);
                set.named("broken").spawn(() -> {
                    throw new IllegalStateException("broken");
                });
                Oneshot<Void> started = Oneshot.signal();
                set.named("slow").spawn(() -> {
                    try {
                        started.sender().signal();
                        Time.sleep(FOREVER);
                        return 3;
                    } finally {
                        lateUnwound.set(true);
                    }
                });
                started.receiver().await();
                JoinHandle<Integer> aborted = set.named("aborted").spawn(() -> {
                    Time.sleep(FOREVER);
                    return 4;
                });
                aborted.abort();
                collected = set.collectWithin(Duration.ofMillis(50));
                assertThat(set.isEmpty()).isTrue();
            }
            assertThat(lateUnwound).as("close waited for the late one").isTrue();
            assertThat(collected.outcomes())
                    .extracting(Collected.Outcome::name, Collected.Outcome::status)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple("quick", Collected.Status.DONE),
                            org.assertj.core.groups.Tuple.tuple("broken", Collected.Status.FAILED),
                            org.assertj.core.groups.Tuple.tuple("slow", Collected.Status.LATE),
                            org.assertj.core.groups.Tuple.tuple("aborted", Collected.Status.CANCELLED));
            assertThat(collected.values()).containsExactly(1);
            assertThat(collected.failures()).singleElement().satisfies(e -> assertThat(e).hasMessage("broken"));
            assertThat(collected.late()).extracting(Collected.Outcome::name).containsExactly("slow");
            assertThat(collected.isComplete()).isFalse();
        });
    }

    @Test
    void collectWithinReturnsAsSoonAsAllAreThere() throws Exception {
        weft.blockOn(() -> {
            try (JoinSet<Integer> set = JoinSet.open()) {
                assertThat(set.collectWithin(FOREVER).isComplete()).isTrue();
                for (int i = 0; i < 10; i++) {
                    int n = i;
                    set.spawn(() -> {
                        Time.sleep(Duration.ofNanos(10_000L * (10 - n)));
                        return n;
                    });
                }
                Collected<Integer> collected = set.collectWithin(Duration.ofSeconds(Long.MAX_VALUE));
                assertThat(collected.values()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
                assertThat(collected.isComplete()).isTrue();
            }
        });
    }

    @Test
    void collectWithinZeroTakesWhatIsDone() throws Exception {
        weft.blockOn(() -> {
            for (Duration limit : List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofSeconds(Long.MIN_VALUE))) {
                try (JoinSet<Integer> set = JoinSet.open()) {
                    JoinHandle<Integer> done = set.spawn(() -> 1);
                    done.join();
                    set.spawn(() -> {
                        Time.sleep(FOREVER);
                        return 2;
                    });
                    Collected<Integer> collected = set.collectWithin(limit);
                    assertThat(collected.values()).containsExactly(1);
                    assertThat(collected.late()).hasSize(1);
                }
            }
        });
    }

    // ---- close -------------------------------------------------------------------------------------------------------

    @Test
    void closeAbortsWhatIsLeftAndWaitsForItsEnd() throws Exception {
        weft.blockOn(() -> {
            var unwound = new AtomicInteger();
            var unstarted = new AtomicInteger();
            JoinHandle<Integer> left;
            try (JoinSet<Integer> set = JoinSet.open()) {
                Oneshot<Void> started = Oneshot.signal();
                left = set.spawn(() -> {
                    try {
                        started.sender().signal();
                        Time.sleep(FOREVER);
                        return 1;
                    } finally {
                        unwound.incrementAndGet();
                    }
                });
                started.receiver().await();
                set.spawn(unstarted::incrementAndGet).abort();
            }
            assertThat(unwound).hasValue(1);
            assertThat(unstarted.get()).isLessThanOrEqualTo(1);
            assertThatThrownBy(left::join)
                    .isInstanceOf(TaskCancelledException.class)
                    .hasMessageContaining("its join set was closed");
        });
    }

    @Test
    void closeIsBoundedByTheAbortPeriodAndLogsTheSurvivors() throws Exception {
        Oneshot<Void> release = Oneshot.signal();
        try (Logs logs = Logs.of(JoinSet.class.getName())) {
            weft.blockOn(() -> {
                try (JoinSet<Integer> set = JoinSet.open()) {
                    Oneshot<Void> started = Oneshot.signal();
                    set.named("deaf child").spawn(() -> {
                        started.sender().signal();
                        awaitDeafly(release);
                        return 1;
                    });
                    started.receiver().await();
                }
            });
            assertThat(logs.records()).singleElement().satisfies(record -> {
                assertThat(record.getParameters()).anySatisfy(it -> assertThat(it).asString().contains("deaf child"));
                assertThat(record.getMessage()).contains("still running");
            });
        }
        release.sender().signal();
    }

    @Test
    void anInterruptOfTheCloserDoesNotShortenTheWaitAndIsKept() throws Exception {
        weft.blockOn(() -> {
            var unwound = new AtomicBoolean();
            JoinSet<Integer> set = JoinSet.open();
            Oneshot<Void> started = Oneshot.signal();
            set.spawn(() -> {
                try {
                    started.sender().signal();
                    Time.sleep(FOREVER);
                    return 1;
                } finally {
                    for (int i = 0; i < 20; i++) {
                        Task.yieldNow();
                    }
                    unwound.set(true);
                }
            });
            started.receiver().await();
            Thread.currentThread().interrupt();
            set.close();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(unwound).isTrue();
        });
    }

    @Test
    void aClosedSetTakesNoMoreChildrenAndClosingAgainDoesNothing() throws Exception {
        weft.blockOn(() -> {
            JoinSet<Integer> set = JoinSet.open();
            set.close();
            set.close();
            assertThatIllegalStateException().isThrownBy(() -> set.spawn(() -> 1)).withMessageContaining("closed");
            assertThatIllegalStateException().isThrownBy(() -> set.named("x").spawn(() -> 1));
            assertThat(set.joinAll()).isEmpty();
            assertThat(set.joinNext()).isEmpty();
        });
    }

    @Test
    void abortAllLeavesTheChildrenToBeJoined() throws Exception {
        weft.blockOn(() -> {
            try (JoinSet<Integer> set = JoinSet.open()) {
                for (int i = 0; i < 5; i++) {
                    set.spawn(() -> {
                        Time.sleep(FOREVER);
                        return 1;
                    });
                }
                Task.yieldNow();
                set.abortAll("changed my mind");
                assertThat(set.size()).isEqualTo(5);
                for (int i = 0; i < 5; i++) {
                    assertThatThrownBy(() -> set.joinNext().orElseThrow().join())
                            .isInstanceOf(TaskCancelledException.class)
                            .hasMessageContaining("changed my mind");
                }
            }
        });
    }

    @Test
    void aSetOutlivesTheCloseOfItsRuntime() throws Exception {
        WeftRuntime brief = runtimes.start(builder -> builder.name("brief"));
        JoinSet<Integer> set = brief.joinSet();
        set.spawn(() -> 1);
        JoinHandle<Integer> endless = set.spawn(() -> {
            Time.sleep(FOREVER);
            return 2;
        });
        brief.shutdown(Duration.ZERO, Duration.ofSeconds(30));
        assertThat(set.joinNext()).isPresent();
        assertThat(set.joinNext()).isPresent();
        assertThat(endless.isCancelled()).isTrue();
        assertThat(set.joinNext()).isEmpty();
        set.spawn(() -> 3);
        assertThatThrownBy(set::joinAll).isInstanceOf(TaskCancelledException.class);
        set.close();
    }

    @Test
    void aSetWorksOnAThreadOutside() throws Exception {
        try (JoinSet<Integer> set = weft.joinSet()) {
            for (int i = 0; i < 10; i++) {
                int n = i;
                set.spawn(() -> n);
            }
            assertThat(set.joinNext()).isPresent();
            set.joinNext();
            assertThat(set.size()).isEqualTo(8);
            set.joinAll();
            set.named("tagged").tag("k", "v").spawn(() -> 5);
            assertThat(set.joinAll()).containsExactly(5);
        }
        assertThatIllegalStateException().isThrownBy(JoinSet::open);
    }

    @Test
    void setsNestAndTheirChildrenAreCancelledTopDown() throws Exception {
        var ended = new AtomicInteger();
        Oneshot<Void> deep = Oneshot.signal();
        JoinHandle<?> root = weft.spawn(() -> {
            try (JoinSet<Integer> outer = JoinSet.open()) {
                outer.spawn(() -> {
                    try (JoinSet<Integer> inner = JoinSet.open()) {
                        inner.spawn(() -> {
                            try {
                                deep.sender().signal();
                                Time.sleep(FOREVER);
                                return 1;
                            } finally {
                                ended.incrementAndGet();
                            }
                        });
                        return inner.joinAll().getFirst();
                    } finally {
                        ended.incrementAndGet();
                    }
                });
                outer.joinAll();
            } finally {
                ended.incrementAndGet();
            }
        });
        deep.receiver().await();
        root.abort();
        assertThatThrownBy(root::join).isInstanceOf(TaskCancelledException.class);
        assertThat(ended).hasValue(3);
    }

    @Test
    void manyReadyResultsAreTakenWithoutEnd() throws Exception {
        weft.blockOn(() -> {
            try (JoinSet<Integer> set = JoinSet.open()) {
                for (int i = 0; i < 2_000; i++) {
                    set.spawn(() -> 1);
                }
                int sum = 0;
                for (Optional<JoinHandle<Integer>> next; (next = set.joinNext()).isPresent();) {
                    sum += next.get().join();
                }
                assertThat(sum).isEqualTo(2_000);
            }
        });
    }
}
