/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.scope;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Runtimes;
import dev.weft.Task;
import dev.weft.WeftRuntime;
import dev.weft.metrics.WorkerMetrics;
import dev.weft.task.JoinHandle;
import dev.weft.task.TaskFailedException;
import dev.weft.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Joiners take their children back from the ring while other workers steal them, the ring overflows and stalled workers
 * lose their cores: each child runs once, and nothing is lost.
 */
@Tag("stress")
@Tag("dedicated-only")
@Timeout(120)
class InlineJoinStressTests {

    private static final long ROUND_NANOS = 7_000_000_000L;
    private static final int MAX_WIDTH = 300; // more than a ring holds
    private static final Duration SHORT = Duration.ofNanos(50_000);

    @RegisterExtension
    final Runtimes runtimes = new Runtimes();

    /** What a set's children do besides returning their numbers. */
    private enum Kind {
        PLAIN,
        SPAWNING,
        NESTED,
        SLEEPING,
        FAILING,
        STALLING;

        static Kind next(RandomGenerator random) {
            int choice = random.nextInt(1000);
            if (choice < 700) {
                return PLAIN;
            }
            if (choice < 800) {
                return SPAWNING;
            }
            if (choice < 900) {
                return NESTED;
            }
            return choice < 950 ? SLEEPING : choice < 999 ? FAILING : STALLING;
        }
    }

    private final LongAdder inline = new LongAdder();
    private final LongAdder elsewhere = new LongAdder();
    private final LongAdder grandchildrenSpawned = new LongAdder();
    private final LongAdder grandchildrenRun = new LongAdder();

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4})
    void eachChildRunsOnce(int workers) throws Exception {
        WeftRuntime weft = runtimes.start(
                builder -> builder.workerThreads(workers).stallThreshold(Duration.ofMillis(2)));
        long end = System.nanoTime() + ROUND_NANOS;
        List<JoinHandle<?>> parents = new ArrayList<>();
        for (int i = 0; i < 2 * workers; i++) {
            parents.add(weft.spawn(() -> {
                while (System.nanoTime() - end < 0) {
                    fanOut();
                    Task.yieldNow();
                }
            }));
        }
        joinFromOutside(weft, end);
        for (JoinHandle<?> parent : parents) {
            parent.join();
        }
        assertThat(weft.awaitQuiet(Duration.ofSeconds(30))).isTrue();
        assertThat(grandchildrenRun.sum()).isEqualTo(grandchildrenSpawned.sum());
        assertThat(weft.metrics().live()).isZero();
        assertThat(weft.metrics().workers()).allSatisfy(worker -> assertThat(worker.localQueueDepth())
                .isZero());
        // Otherwise the test has not tested anything.
        assertThat(inline.sum()).isPositive();
        assertThat(elsewhere.sum()).isPositive();
        assertThat(weft.metrics().workers().stream().mapToLong(WorkerMetrics::steals).sum()).isPositive();
    }

    /** Short tasks, so that the joiner sometimes spins and sometimes parks. */
    private static void joinFromOutside(WeftRuntime weft, long end) throws InterruptedException {
        for (int i = 0; System.nanoTime() - end < 0; i++) {
            int value = i;
            assertThat(weft.spawn(() -> value).join()).isEqualTo(value);
        }
    }

    private void fanOut() throws InterruptedException {
        RandomGenerator random = ThreadLocalRandom.current();
        int width = random.nextInt(4) == 0 ? random.nextInt(1, MAX_WIDTH + 1) : random.nextInt(1, 20);
        Kind kind = Kind.next(random);
        int odd = random.nextInt(width);
        AtomicIntegerArray runs = new AtomicIntegerArray(width);
        var sum = new AtomicLong();
        Thread joiner = Thread.currentThread();
        List<JoinHandle<Integer>> children = new ArrayList<>(width);
        try (JoinSet<Integer> set = JoinSet.open()) {
            for (int i = 0; i < width; i++) {
                int number = i;
                children.add(set.spawn(() -> {
                    runs.incrementAndGet(number);
                    (Thread.currentThread() == joiner ? inline : elsewhere).increment();
                    if (number == odd) {
                        actUp(kind);
                    }
                    sum.addAndGet(number);
                    return number;
                }));
            }
            joinAll(set, width, kind, random.nextInt(8) == 0);
        }
        check(children, runs, kind, sum.get());
    }

    private static void joinAll(JoinSet<Integer> set, int width, Kind kind, boolean oneByOne)
            throws InterruptedException {
        if (oneByOne) {
            for (int i = 0; i < width; i++) {
                JoinHandle<Integer> next = set.joinNext().orElseThrow();
                if (next.state() == Future.State.FAILED) {
                    assertThat(next.exceptionNow()).hasMessage("on purpose"); // now nobody reports it as unobserved
                }
            }
            assertThat(set.joinNext()).isEmpty();
            return;
        }
        try {
            List<Integer> values = set.joinAll();
            assertThat(kind).isNotEqualTo(Kind.FAILING);
            for (int i = 0; i < width; i++) {
                assertThat(values.get(i)).isEqualTo(i);
            }
        } catch (TaskFailedException e) {
            assertThat(kind).isEqualTo(Kind.FAILING);
        }
    }

    /** A set that failed aborts what it has not begun; whatever was begun ran once. */
    private static void check(List<JoinHandle<Integer>> children, AtomicIntegerArray runs, Kind kind, long sum) {
        int width = children.size();
        if (kind != Kind.FAILING) {
            assertThat(sum).isEqualTo(width * (width - 1L) / 2);
        }
        for (int i = 0; i < width; i++) {
            Future.State state = children.get(i).state();
            int expected = state == Future.State.CANCELLED ? 0 : 1;
            if (state == Future.State.RUNNING || runs.get(i) != expected) {
                throw new AssertionError("child " + i + " of " + width + " ran " + runs.get(i) + " times: " + state);
            }
        }
    }

    private void actUp(Kind kind) throws InterruptedException {
        switch (kind) {
            case PLAIN -> {}
            case SPAWNING -> {
                grandchildrenSpawned.add(3);
                for (int i = 0; i < 3; i++) {
                    Task.spawn(grandchildrenRun::increment);
                }
            }
            case NESTED -> {
                try (JoinSet<Integer> set = JoinSet.open()) {
                    for (int i = 0; i < 5; i++) {
                        int number = i;
                        set.spawn(() -> number);
                    }
                    assertThat(set.joinAll()).containsExactly(0, 1, 2, 3, 4);
                }
            }
            case SLEEPING -> Time.sleep(SHORT);
            case FAILING -> throw new IllegalStateException("on purpose");
            case STALLING -> {
                long until = System.nanoTime() + 10_000_000;
                while (System.nanoTime() - until < 0) {
                    Thread.onSpinWait();
                }
            }
        }
    }
}
