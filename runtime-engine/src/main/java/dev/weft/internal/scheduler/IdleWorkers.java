/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.scheduler;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Who is parked, who is searching, and whom to wake. Thread-safe, lock-free. */
final class IdleWorkers {

    /*
     * The rule: at most one wake-up for work is under way, and no work is left lying while a worker sleeps. A wake of
     * one certain core (for its timers, or because the runtime is resized or closed) comes on top and also counts as
     * searching.
     *
     *   parker   parked = 1; parkedCount++; if searching: searching--;   // volatile operations, in this order
     *            look at every queue again;
     *            found something -> tryUnpark itself and go on; nothing -> sleep while parked == 1
     *   waker    enqueue; (full fence)
     *            if parkedCount == 0 or searching > 0: done
     *            CAS searching 0 -> 1; take one core from parked 1 to 0; parkedCount--; unpark its thread.
     *            The woken worker counts as searching already.
     *            Nobody found: searching--, and if somebody has parked meanwhile, again from the start.
     *
     * Why no work is lost. A waker that returns early saw (a) parkedCount == 0: whoever parks later looks at the queues
     * after its parkedCount++, so it finds the work; or (b) searching > 0: that searcher either finds the work, or
     * gives up, and a searcher that gives up looks at all queues again after its searching--. The
     * same look stands behind the searching-- of one that found something. The searcher of (b) may also be a waker
     * between its CAS and its searching--; that is why such a waker looks at parkedCount once more.
     *
     * A searcher of (b) that gives up, looks, and ends its own park is awake but no searcher any more, and more than one
     * waker may have relied on it. So whoever takes from the injection queue and leaves something says so (leftWork).
     *
     * A worker that pushes to its own ring reads parkedCount and searching without a full fence. It can miss a worker
     * that is about to park; the work is then in the pusher's own ring and not lost, only not shared, and the parker's
     * first sleep is a short one after which it looks again.
     */

    private final AtomicInteger searching = new AtomicInteger();
    private final AtomicInteger parkedCount = new AtomicInteger();
    private final CoreHost host;

    /** Where the last one parked: it is woken first, its cache is the warmest. */
    private volatile int hint;

    IdleWorkers(CoreHost host) {
        this.host = host;
    }

    /** There may be more work than running workers: wakes one, unless one is on its way. */
    void notifyOne() {
        if (parkedCount.get() != 0 && searching.get() == 0) {
            wakeOne();
        }
    }

    private void wakeOne() {
        do {
            if (!searching.compareAndSet(0, 1)) {
                return;
            }
            Core[] cores = host.working();
            int at = hint;
            for (int i = 0; i < cores.length; i++) {
                Core core = cores[Math.floorMod(at - i, cores.length)];
                if (tryWake(core)) {
                    return;
                }
            }
            searching.decrementAndGet();
        } while (parkedCount.get() != 0);
    }

    /** Takes over the count in {@code searching} when it succeeds. */
    private boolean tryWake(Core core) {
        if (!core.tryUnpark()) {
            return false;
        }
        parkedCount.decrementAndGet();
        LockSupport.unpark(core.worker);
        return true;
    }

    /** Wakes one certain core, because only it can do what is to be done. */
    void wake(Core core) {
        if (core.isParked()) {
            searching.incrementAndGet();
            if (!tryWake(core)) {
                stopSearching(core, false);
            }
        }
    }

    /** Asks to search; refused when half the workers search already. */
    boolean tryStartSearching(Core core) {
        if (core.searching) {
            return true;
        }
        if (2 * searching.get() >= host.cores().length) {
            return false;
        }
        searching.incrementAndGet();
        core.searching = true;
        return true;
    }

    /** A searcher found work: if it was the last one and there is more, another takes its place. */
    void foundWork(Core core) {
        if (core.searching) {
            core.searching = false;
            if (searching.decrementAndGet() == 0 && host.hasWork()) {
                notifyOne();
            }
        }
    }

    /** A worker took something and left more. One that searches sees to that when it says {@link #foundWork}. */
    void leftWork(Core core) {
        if (!core.searching) {
            notifyOne();
        }
    }

    private void stopSearching(Core core, boolean owner) {
        if (owner) {
            core.searching = false;
        }
        if (searching.decrementAndGet() == 0 && !owner && host.hasWork()) {
            notifyOne();
        }
    }

    /** Publishes that the core's owner is about to sleep. It must look at all queues after this. */
    void parking(Core core) {
        core.setParked();
        parkedCount.incrementAndGet();
        hint = core.index;
        if (core.searching) {
            stopSearching(core, true);
        }
    }

    /** The owner ends its own park. False when a waker was faster; the core then counts as searching. */
    boolean tryEndPark(Core core) {
        if (core.tryUnpark()) {
            parkedCount.decrementAndGet();
            return true;
        }
        core.searching = true;
        return false;
    }

    int parkedCount() {
        return parkedCount.get();
    }

    int searching() {
        return searching.get();
    }
}
