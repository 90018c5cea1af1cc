/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.admission;

import static dev.weft.internal.blocking.TestHost.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.internal.blocking.TestHost;
import dev.weft.internal.context.ForeignContext;
import dev.weft.internal.task.TaskCell;
import dev.weft.task.WhenFull;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Submitters, aborters, a changer of limits and a few workers at once: no permit is lost, none is given twice. */
@Tag("stress")
@Timeout(300)
class AdmissionGateStressTests {

    private static final int SUBMITTERS = 4;
    private static final int WORKERS = 4;
    private static final int TASKS = 5_000;
    private static final int MOST = 3;
    private static final int HAND_OVERS = 50_000;

    private final TestHost host = new TestHost();
    private final BlockingQueue<TaskCell<?>> scheduled = new LinkedBlockingQueue<>();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger mostRunning = new AtomicInteger();
    private final AtomicBoolean stop = new AtomicBoolean();

    private static final class Probe {
        final AtomicInteger runs = new AtomicInteger();
        TaskCell<?> task;
        boolean rejected;
    }

    @ParameterizedTest
    @EnumSource(WhenFull.class)
    void neverMoreThanTheLimitAndNoPermitIsLost(WhenFull whenFull) throws Exception {
        List<Probe> probes = race(whenFull, false, false);
        assertThat(probes).hasSize(SUBMITTERS * TASKS);
        if (whenFull != WhenFull.CALLER_RUNS) {
            assertThat(mostRunning.get()).isLessThanOrEqualTo(MOST);
        }
    }

    @ParameterizedTest
    @EnumSource(WhenFull.class)
    void noPermitIsLostWhileLimitsChange(WhenFull whenFull) throws Exception {
        race(whenFull, true, false);
    }

    @ParameterizedTest
    @EnumSource(WhenFull.class)
    void closeInTheMiddleLeavesNobodyBehind(WhenFull whenFull) throws Exception {
        race(whenFull, true, true);
    }

    /** One permit: it comes back, and somebody asks for it, at the same moment. */
    @Test
    void permitThatComesBackWhileSomebodyHoldsTheLockIsNotLost() throws Exception {
        var gate = new AtomicReference<AdmissionGate>();
        var last = new AtomicReference<TaskCell<?>>();
        var start = new CyclicBarrier(2);
        Thread submitter = Thread.ofPlatform().start(() -> {
            for (int i = 0; i < HAND_OVERS; i++) {
                meet(start);
                TaskCell<?> task = host.task(() -> null);
                last.set(task);
                gate.get().admit(task);
                meet(start);
            }
        });
        var context = new ForeignContext(host);
        for (int i = 0; i < HAND_OVERS; i++) {
            gate.set(new AdmissionGate(
                    host, new AdmissionLimits(1, 0, WhenFull.REJECT, Duration.ZERO), scheduled::add));
            gate.get().admit(host.task(() -> null));
            TaskCell<?> holder = scheduled.remove();
            meet(start);
            context.run(holder);
            meet(start);
            assertThat(scheduled.poll()).as("hand-over %s", i).isSameAs(last.get());
        }
        submitter.join();
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new AssertionError(e);
        }
    }

    private List<Probe> race(WhenFull whenFull, boolean changing, boolean closing) throws Exception {
        var gate = new AdmissionGate(
                host, new AdmissionLimits(MOST, 4, whenFull, Duration.ofMillis(20)), scheduled::add);
        List<Thread> others = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
            others.add(Thread.ofPlatform().start(this::work));
        }
        if (changing) {
            others.add(Thread.ofPlatform().start(() -> change(gate)));
        }
        List<List<Probe>> probes = new ArrayList<>();
        List<Thread> submitters = new ArrayList<>();
        for (int i = 0; i < SUBMITTERS; i++) {
            List<Probe> mine = new ArrayList<>();
            probes.add(mine);
            Runnable body = () -> submit(gate, mine);
            submitters.add(i % 2 == 0 ? Thread.ofVirtual().start(body) : Thread.ofPlatform().start(body));
        }
        if (closing) {
            eventually().until(() -> probes.getFirst().size() > TASKS / 2);
            gate.close("closed early");
        }
        for (Thread submitter : submitters) {
            submitter.join();
        }
        List<Probe> all = probes.stream().flatMap(List::stream).toList();
        eventually().atMost(Duration.ofSeconds(60))
                .until(() -> all.stream().allMatch(probe -> probe.rejected || probe.task.isDone()));
        stop.set(true);
        for (Thread other : others) {
            other.join();
        }
        assertThat(gate.metrics().running()).isZero();
        assertThat(gate.isEmpty()).isTrue();
        for (Probe probe : all) {
            assertThat(probe.runs.get()).isEqualTo(probe.task.isCancelled() || probe.rejected ? 0 : 1);
        }
        assertThat(gate.metrics().rejected())
                .isEqualTo(all.stream().filter(probe -> probe.rejected).count());
        return all;
    }

    private void work() {
        var context = new ForeignContext(host);
        try {
            while (!stop.get()) {
                TaskCell<?> task = scheduled.poll(10, TimeUnit.MILLISECONDS);
                if (task != null) {
                    context.run(task);
                }
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void change(AdmissionGate gate) {
        var random = ThreadLocalRandom.current();
        while (!stop.get()) {
            gate.maxConcurrentTasks(random.nextInt(6));
            gate.queueCapacity(random.nextInt(10));
            gate.waitTimeout(Duration.ofMillis(random.nextInt(20)));
            gate.forEachQueued(task -> {});
            Thread.yield();
        }
    }

    private void submit(AdmissionGate gate, List<Probe> mine) {
        var random = ThreadLocalRandom.current();
        for (int i = 0; i < TASKS; i++) {
            var probe = new Probe();
            probe.task = host.task(() -> {
                mostRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
                probe.runs.incrementAndGet();
                Thread.yield();
                return running.decrementAndGet();
            });
            mine.add(probe);
            if (random.nextInt(50) == 0) {
                probe.task.abort("before it came");
            }
            try {
                gate.admit(probe.task);
            } catch (RejectedExecutionException e) {
                probe.rejected = true;
            }
            if (random.nextInt(2) == 0) {
                mine.get(mine.size() - 1 - random.nextInt(Math.min(8, mine.size()))).task.abort("at random");
            }
        }
    }
}
