/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.scheduler;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.concurrency.Notes;
import dev.weft.concurrency.Scenario;
import dev.weft.internal.concurrent.InjectionQueue;
import dev.weft.internal.concurrent.QueueNode;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Workers park, wake and search while work comes: none is left lying while one of them sleeps.
 *
 * <p>A sleeping worker is modelled by its state, not by a parked thread: what a wake does is to end that state.
 */
@Timeout(300)
class IdleWorkersLincheckTests {

    // What brings the faults of the twins out. A turn before the race puts that worker to sleep.

    private static Scenario oneSleepsAsWorkComes(Class<?> workers) {
        return Scenario.of(workers).thread("turnOfWorker0").thread("push");
    }

    private static Scenario anotherSleepsAlready(Class<?> workers) {
        return Scenario.of(workers).before("turnOfWorker0").thread("turnOfWorker1").thread("push", "push");
    }

    private static Scenario oneIsWokenForTwo(Class<?> workers) {
        return Scenario.of(workers).before("turnOfWorker0", "turnOfWorker1").thread("push", "push")
                .thread("turnOfWorker0");
    }

    private static Scenario aSleeperWakesAndSleepsUnderAWaker(Class<?> workers) {
        return Scenario.of(workers)
                .before("turnOfWorker0")
                .thread("push")
                .thread("push", "turnOfWorker0", "turnOfWorker0", "turnOfWorker0", "push");
    }

    @Test
    void noWorkIsLeftLyingWhileAWorkerSleeps() {
        modelChecking(
                1_000,
                oneSleepsAsWorkComes(Workers.class),
                anotherSleepsAlready(Workers.class),
                oneIsWokenForTwo(Workers.class))
                .iterations(10)
                .check(Workers.class);
        modelChecking(6_000, aSleeperWakesAndSleepsUnderAWaker(Workers.class)).check(Workers.class);
    }

    @Test
    void brokenTwinSleepsWithoutAnotherLook() {
        assertFound(NoLookAfterParking.class, oneSleepsAsWorkComes(NoLookAfterParking.class));
    }

    @Test
    void brokenTwinStopsSearchingAfterTheLook() {
        assertFound(SearchingUntilAsleep.class, anotherSleepsAlready(SearchingUntilAsleep.class));
    }

    @Test
    void brokenTwinTakesOneAndLeavesTheRest() {
        assertFound(NoWordOfTheRest.class, anotherSleepsAlready(NoWordOfTheRest.class));
    }

    @Test
    void brokenTwinWakesNobodyForTheRest() {
        assertFound(NoRelay.class, oneIsWokenForTwo(NoRelay.class));
    }

    @Test
    void brokenTwinGivesUpWhoParkedMeanwhile() {
        assertFound(NoLastLook.class, aSleeperWakesAndSleepsUnderAWaker(NoLastLook.class));
    }

    private static void assertFound(Class<?> broken, Scenario scenario) {
        assertThatThrownBy(() -> modelChecking(20_000, scenario).minimizeFailedScenario(false).check(broken))
                .isInstanceOf(LincheckAssertionError.class)
                .hasMessageContaining("work lies");
    }

    private static ModelCheckingOptions modelChecking(int invocations, Scenario... scenarios) {
        ModelCheckingOptions options = new ModelCheckingOptions()
                .threads(3)
                .actorsBefore(2)
                .actorsPerThread(2)
                .actorsAfter(0)
                .iterations(0)
                .invocationsPerIteration(invocations)
                .addGuarantee(Notes.UNSEEN);
        Stream.of(scenarios).map(Scenario::build).forEach(options::addCustomScenario);
        return options;
    }

    /** The protocol, so that a broken one can stand in its place. */
    interface Protocol {
        void notifyOne();

        void parking(Core core);

        boolean tryEndPark(Core core);

        boolean tryStartSearching(Core core);

        void foundWork(Core core);

        void leftWork(Core core);

        /** After {@link #parking}, and after the look at the queues if that came out empty. */
        default void sleeping(Core core) {
        }

        int parkedCount();

        int searching();
    }

    private static Protocol real(CoreHost host) {
        IdleWorkers idle = new IdleWorkers(host);
        return new Protocol() {
            @Override
            public void notifyOne() {
                idle.notifyOne();
            }

            @Override
            public void parking(Core core) {
                idle.parking(core);
            }

            @Override
            public boolean tryEndPark(Core core) {
                return idle.tryEndPark(core);
            }

            @Override
            public boolean tryStartSearching(Core core) {
                return idle.tryStartSearching(core);
            }

            @Override
            public void foundWork(Core core) {
                idle.foundWork(core);
            }

            @Override
            public void leftWork(Core core) {
                idle.leftWork(core);
            }

            @Override
            public int parkedCount() {
                return idle.parkedCount();
            }

            @Override
            public int searching() {
                return idle.searching();
            }
        };
    }

    /** Two workers that go through the same steps as a real one's loop, and a queue that anybody fills. */
    public static class Workers {

        final InjectionQueue queue = new InjectionQueue();
        private final Core[] cores;
        private final boolean[] asleep = new boolean[2];
        private final Protocol idle;

        public Workers() {
            this(IdleWorkersLincheckTests::real);
        }

        Workers(Function<CoreHost, Protocol> protocol) {
            CoreHost host = new LoneHost(2, () -> !queue.isEmpty());
            this.cores = host.cores();
            this.idle = protocol.apply(host);
        }

        @Operation
        public void push() {
            queue.push(new Work());
            idle.notifyOne();
        }

        @Operation(nonParallelGroup = "worker 0")
        public void turnOfWorker0() {
            turn(0);
        }

        @Operation(nonParallelGroup = "worker 1")
        public void turnOfWorker1() {
            turn(1);
        }

        /** Ends when the worker sleeps, or with the worker inside a task. */
        private void turn(int worker) {
            Core core = cores[worker];
            if (asleep[worker]) {
                if (core.isParked()) {
                    return;
                }
                asleep[worker] = false;
                core.searching = true; // the waker counted it
            }
            for (;;) {
                if (take(core) || (idle.tryStartSearching(core) && take(core))) {
                    idle.foundWork(core);
                    return;
                }
                idle.parking(core);
                if (!looksAgain() || queue.isEmpty()) {
                    idle.sleeping(core);
                    asleep[worker] = true;
                    return;
                }
                idle.tryEndPark(core);
            }
        }

        boolean looksAgain() {
            return true;
        }

        private boolean take(Core core) {
            if (queue.isEmpty() || !queue.tryLockConsumer()) {
                return false;
            }
            QueueNode node = queue.pop();
            boolean left = node != null && !queue.isEmpty();
            queue.unlockConsumer();
            if (left) {
                idle.leftWork(core);
            }
            return node != null;
        }

        @Validate
        public void workIsTakenOrSomebodyComesForIt() {
            int parked = 0;
            int searching = 0;
            for (int i = 0; i < cores.length; i++) {
                parked += cores[i].isParked() ? 1 : 0;
                searching += (asleep[i] ? !cores[i].isParked() : cores[i].searching) ? 1 : 0;
            }
            if (!queue.isEmpty() && parked > 0 && searching == 0) {
                throw new IllegalStateException("work lies while " + parked + " workers sleep and none searches");
            }
            if (parked != idle.parkedCount() || searching != idle.searching()) {
                throw new IllegalStateException("counted " + idle.parkedCount() + " parked, " + idle.searching()
                        + " searching, and there are " + parked + " and " + searching);
            }
        }
    }

    /** A worker that sleeps as soon as it has said so. */
    public static class NoLookAfterParking extends Workers {
        @Override
        boolean looksAgain() {
            return false;
        }
    }

    /** A searcher counts as one until it has looked for the last time. */
    public static class SearchingUntilAsleep extends Workers {
        public SearchingUntilAsleep() {
            super(host -> new BrokenIdleWorkers(host, BrokenIdleWorkers.Fault.STOPS_SEARCHING_AFTER_THE_LOOK));
        }
    }

    /** A searcher that found something does not look whether there is more. */
    public static class NoRelay extends Workers {
        public NoRelay() {
            super(host -> new BrokenIdleWorkers(host, BrokenIdleWorkers.Fault.NO_RELAY));
        }
    }

    /** A worker that is no searcher takes one of many, and says nothing. */
    public static class NoWordOfTheRest extends Workers {
        public NoWordOfTheRest() {
            super(host -> new BrokenIdleWorkers(host, BrokenIdleWorkers.Fault.NO_WORD_OF_THE_REST));
        }
    }

    /** A waker that found nobody does not look whether somebody has parked meanwhile. */
    public static class NoLastLook extends Workers {
        public NoLastLook() {
            super(host -> new BrokenIdleWorkers(host, BrokenIdleWorkers.Fault.NO_LAST_LOOK));
        }
    }

    /** A copy of {@link IdleWorkers} with a fault. */
    private static final class BrokenIdleWorkers implements Protocol {

        enum Fault {
            STOPS_SEARCHING_AFTER_THE_LOOK,
            NO_RELAY,
            NO_WORD_OF_THE_REST,
            NO_LAST_LOOK
        }

        private final AtomicInteger searching = new AtomicInteger();
        private final AtomicInteger parkedCount = new AtomicInteger();
        private final CoreHost host;
        private final Fault fault;

        BrokenIdleWorkers(CoreHost host, Fault fault) {
            this.host = host;
            this.fault = fault;
        }

        @Override
        public void notifyOne() {
            if (parkedCount.get() != 0 && searching.get() == 0) {
                wakeOne();
            }
        }

        private void wakeOne() {
            do {
                if (!searching.compareAndSet(0, 1)) {
                    return;
                }
                for (Core core : host.cores()) {
                    if (core.tryUnpark()) {
                        parkedCount.decrementAndGet();
                        return;
                    }
                }
                searching.decrementAndGet();
            } while (fault != Fault.NO_LAST_LOOK && parkedCount.get() != 0);
        }

        @Override
        public boolean tryStartSearching(Core core) {
            if (!core.searching && 2 * searching.get() < host.cores().length) {
                searching.incrementAndGet();
                core.searching = true;
            }
            return core.searching;
        }

        @Override
        public void foundWork(Core core) {
            if (core.searching) {
                core.searching = false;
                if (searching.decrementAndGet() == 0 && fault != Fault.NO_RELAY && host.hasWork()) {
                    notifyOne();
                }
            }
        }

        @Override
        public void leftWork(Core core) {
            if (!core.searching && fault != Fault.NO_WORD_OF_THE_REST) {
                notifyOne();
            }
        }

        @Override
        public void parking(Core core) {
            core.setParked();
            parkedCount.incrementAndGet();
            if (fault != Fault.STOPS_SEARCHING_AFTER_THE_LOOK) {
                sleeping(core);
            }
        }

        @Override
        public void sleeping(Core core) {
            if (core.searching) {
                core.searching = false;
                searching.decrementAndGet();
            }
        }

        @Override
        public boolean tryEndPark(Core core) {
            if (core.tryUnpark()) {
                parkedCount.decrementAndGet();
                return true;
            }
            core.searching = true;
            return false;
        }

        @Override
        public int parkedCount() {
            return parkedCount.get();
        }

        @Override
        public int searching() {
            return searching.get();
        }
    }
}
