/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.timer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.clock.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real threads that register, cancel, fire and take each other's drivers away. */
@Tag("stress")
@Timeout(120)
class TimerDriverStressTests {

    private static final TimeSource CLOCK = TimeSource.system();
    private static final int ENTRIES = 150_000;

    private final AtomicInteger early = new AtomicInteger();
    private final AtomicInteger afterCancel = new AtomicInteger();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        stopped.set(true);
        threads.shutdownNow();
    }

    @Test
    void everyEntryEitherFiresOnceOrIsCancelledWhenForeignersRaceWithTheOwner() throws Exception {
        var owner = new ParkingOwner();
        owner.start(threads);
        var racers = List.of(threads.submit(registerAndCancel(owner)), threads.submit(registerAndCancel(owner)));
        for (var racer : racers) {
            racer.get().forEach(Entry::assertOneEnd);
        }
        owner.finish();
        assertThat(early).hasValue(0);
        assertThat(afterCancel).hasValue(0);
    }

    @Test
    void everyEntryEndsOnceWhenOwnershipAndEntriesMoveBetweenDrivers() throws Exception {
        var owners = List.of(new TakenGuard(), new TakenGuard());
        var racers = new ArrayList<Future<List<Entry>>>();
        for (int i = 0; i < 3; i++) {
            racers.add(threads.submit(registerCancelAndDrive(owners)));
        }
        var all = new ArrayList<Entry>();
        for (var racer : racers) {
            all.addAll(racer.get());
        }
        while (all.stream().anyMatch(entry -> !entry.isDone())) {
            owners.forEach(TakenGuard::drive);
        }
        owners.forEach(TakenGuard::drive);
        all.forEach(Entry::assertOneEnd);
        long registered = 0;
        for (var owner : owners) {
            var driver = owner.driver;
            assertThat(driver.size()).isZero();
            assertThat(driver.hasMail()).isFalse();
            assertThat(driver.failed()).withFailMessage(() -> "" + driver.lastFailure()).isZero();
            assertThat(driver.registered()).isEqualTo(driver.fired() + driver.cancelled());
            registered += driver.registered();
        }
        long armings = all.stream().mapToLong(entry -> entry.armings.get()).sum();
        long cancels = all.stream().mapToLong(entry -> entry.cancels.get()).sum();
        assertThat(registered).isBetween(armings - cancels, armings); // a cancel may come before the registration
        assertThat(early).hasValue(0);
        assertThat(afterCancel).hasValue(0);
    }

    @Test
    void ownerThatParksNeverSleepsThroughARegistration() throws Exception {
        var owner = new ParkingOwner();
        owner.start(threads);
        var random = ThreadLocalRandom.current();
        for (int round = 0; round < 100_000; round++) {
            var entry = new Entry(CLOCK.nanoTime() + random.nextLong(30_000), List.of());
            if (random.nextInt(4) == 0) {
                owner.register(new Entry(CLOCK.nanoTime() + random.nextLong(200_000), List.of()));
            }
            spin(random.nextInt(200));
            owner.register(entry);
            waitUntil(entry::isDone);
        }
        owner.finish();
    }

    @Test
    void cancelledTimeoutsLeaveNothingBehind() throws Exception {
        var owner = new ParkingOwner();
        owner.start(threads);
        for (int i = 0; i < 200_000; i++) {
            var timeout = new Entry(CLOCK.nanoTime() + 30_000_000_000L, List.of());
            owner.register(timeout);
            assertThat(timeout.cancelCounted()).isTrue();
        }
        owner.finish();
        assertThat(owner.driver.fired()).isZero();
        assertThat(owner.driver.cancelled()).isEqualTo(200_000);
    }

    private Callable<List<Entry>> registerAndCancel(ParkingOwner owner) {
        return () -> {
            var random = ThreadLocalRandom.current();
            var entries = new ArrayList<Entry>();
            for (int i = 0; i < ENTRIES; i++) {
                var entry = new Entry(CLOCK.nanoTime() + randomDelay(random), List.of());
                entries.add(entry);
                owner.register(entry);
                spin(random.nextInt(100));
                var victim = entries.get(Math.max(0, entries.size() - 1 - random.nextInt(20)));
                if (random.nextInt(3) > 0) {
                    victim.cancelCounted();
                }
            }
            for (var entry : entries) {
                waitUntil(entry::isDone);
            }
            return entries;
        };
    }

    private Callable<List<Entry>> registerCancelAndDrive(List<TakenGuard> owners) {
        return () -> {
            var random = ThreadLocalRandom.current();
            var entries = new ArrayList<Entry>();
            for (int i = 0; i < ENTRIES; i++) {
                var entry = new Entry(CLOCK.nanoTime() + randomDelay(random), owners);
                entries.add(entry);
                owners.get(random.nextInt(2)).driver.register(entry);
                if (random.nextInt(4) == 0) {
                    owners.get(random.nextInt(2)).drive();
                }
                if (random.nextInt(2) == 0) {
                    entries.get(Math.max(0, entries.size() - 1 - random.nextInt(50))).cancelCounted();
                }
            }
            return entries;
        };
    }

    private static long randomDelay(ThreadLocalRandom random) {
        return switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> random.nextLong(50_000);
            case 2 -> random.nextLong(3_000_000);
            default -> 4_000_000 + random.nextLong(80_000_000);
        };
    }

    private static void spin(int turns) {
        for (int i = 0; i < turns; i++) {
            Thread.onSpinWait();
        }
    }

    private void waitUntil(BooleanSupplier condition) {
        for (int i = 0; !condition.getAsBoolean(); i++) {
            if (i > 200) {
                Thread.yield();
            }
            assertThat(stopped).isFalse();
        }
    }

    /** Counts its ends, and after some of its firings registers itself again with one of the drivers. */
    private final class Entry extends TimerEntry {

        private final List<TakenGuard> owners;
        private final AtomicInteger armings = new AtomicInteger(1);
        private final AtomicInteger firings = new AtomicInteger();
        private final AtomicInteger cancels = new AtomicInteger();

        Entry(long deadlineNanos, List<TakenGuard> owners) {
            super(deadlineNanos);
            this.owners = owners;
        }

        boolean cancelCounted() {
            boolean mine = cancel(false);
            if (mine) {
                cancels.incrementAndGet();
            }
            return mine;
        }

        @Override
        protected void fire() {
            if (CLOCK.nanoTime() - deadlineNanos() < 0) {
                early.incrementAndGet();
            }
            if (cancels.get() > 0) {
                afterCancel.incrementAndGet();
            }
            firings.incrementAndGet();
            if (!owners.isEmpty() && armings.get() < 4) {
                armings.incrementAndGet();
                rearm(CLOCK.nanoTime() + ThreadLocalRandom.current().nextLong(100_000));
                owners.get(ThreadLocalRandom.current().nextInt(2)).driver.register(this);
            }
        }

        void assertOneEnd() {
            assertThat(firings.get() + cancels.get()).isEqualTo(armings.get());
            assertThat(cancels.get()).isLessThanOrEqualTo(1);
        }
    }

    /** A guard that any thread may take while no other has it. */
    private static final class TakenGuard implements OwnerGuard {

        private final TimerDriver driver = new TimerDriver(CLOCK, this);
        private final AtomicBoolean taken = new AtomicBoolean();

        /** Takes the driver, if it is free, and advances it. */
        void drive() {
            if (tryEnter()) {
                driver.advance(CLOCK.nanoTime(), 1_000);
                exit();
            }
        }

        @Override
        public boolean tryEnter() {
            return !taken.get() && taken.compareAndSet(false, true);
        }

        @Override
        public void exit() {
            taken.set(false);
        }
    }

    /** A thread that drives its driver and parks in between, as the class comment of the driver prescribes. */
    private final class ParkingOwner implements OwnerGuard, Runnable {

        private final TimerDriver driver = new TimerDriver(CLOCK, this);
        private final AtomicBoolean finishing = new AtomicBoolean();
        private volatile Thread thread;
        private Future<?> end;

        void start(ExecutorService threads) {
            end = threads.submit(this);
            waitUntil(() -> thread != null);
        }

        void register(TimerEntry entry) {
            if (!driver.register(entry)) {
                LockSupport.unpark(thread);
            }
        }

        /** Waits until nothing is left. */
        void finish() throws Exception {
            finishing.set(true);
            LockSupport.unpark(thread);
            end.get();
            assertThat(driver.size()).isZero();
            assertThat(driver.registered()).isEqualTo(driver.fired() + driver.cancelled());
            assertThat(driver.failed()).isZero();
        }

        @Override
        public void run() {
            thread = Thread.currentThread();
            while (!stopped.get()) {
                driver.advance(CLOCK.nanoTime(), 64);
                long deadline = driver.nextDeadlineNanos();
                if (driver.hasMail()) {
                    continue;
                }
                if (deadline != Long.MAX_VALUE) {
                    LockSupport.parkNanos(deadline - CLOCK.nanoTime());
                } else if (finishing.get()) {
                    return;
                } else {
                    LockSupport.park();
                }
            }
        }

        @Override
        public boolean tryEnter() {
            return Thread.currentThread() == thread;
        }

        @Override
        public void exit() {}
    }
}
