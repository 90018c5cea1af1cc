/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.scheduler;

import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Workers without a core, ready to take one over. Thread-safe, lock-free. */
final class SpareWorkers {

    private final WorkerScheduler scheduler;
    private final int max;

    /** Parked ones; the latest is used first. */
    private final ConcurrentLinkedDeque<Worker> parked = new ConcurrentLinkedDeque<>();

    /** Threads beyond one for each core, parked or at work. */
    private final AtomicInteger extra = new AtomicInteger();

    private final AtomicInteger names = new AtomicInteger();
    private final LongAdder takeovers = new LongAdder();
    private final LongAdder refused = new LongAdder();

    SpareWorkers(WorkerScheduler scheduler, int max) {
        this.scheduler = scheduler;
        this.max = max;
    }

    /** Returns a worker that waits for a core, a new one if need be; null at the cap. The caller attaches a core. */
    @Nullable Worker take() {
        Worker worker = parked.pollFirst();
        if (worker == null) {
            worker = startOne();
        }
        if (worker == null) {
            refused.increment();
        }
        return worker;
    }

    void tookOver() {
        takeovers.increment();
    }

    private @Nullable Worker startOne() {
        if (extra.incrementAndGet() > max) {
            extra.decrementAndGet();
            return null;
        }
        Worker worker = new Worker(
                scheduler, scheduler.config().threadPrefix() + "-spare-" + names.incrementAndGet(), null);
        scheduler.spareStarted();
        try {
            worker.startAsTaken();
        } catch (OutOfMemoryError e) { // no more native threads: the same as being at the cap
            extra.decrementAndGet();
            scheduler.spareFailed();
            return null;
        }
        return worker;
    }

    /** Returns a worker that waits for a core and is no spare from now on, or null when none waits. */
    @Nullable Worker takeForGood() {
        Worker worker = parked.pollFirst();
        if (worker != null) {
            extra.decrementAndGet();
        }
        return worker;
    }

    /** Whether there are more than there may be, which only a resize brings about. */
    boolean areTooMany() {
        return extra.get() > max;
    }

    /** A worker whose core was given up is a spare from now on. */
    void joined() {
        extra.incrementAndGet();
    }

    void refuse() {
        refused.increment();
    }

    void add(Worker worker) {
        parked.addFirst(worker);
    }

    /** True when the worker was still waiting and will not be taken any more. */
    boolean remove(Worker worker) {
        return parked.remove(worker);
    }

    /** A worker thread ended. While no core is given up, only extra ones do. */
    void ended() {
        extra.updateAndGet(n -> n > 0 ? n - 1 : 0);
    }

    void wakeAll() {
        for (Worker worker : parked) {
            LockSupport.unpark(worker);
        }
    }

    long takeovers() {
        return takeovers.sum();
    }

    long refused() {
        return refused.sum();
    }
}
