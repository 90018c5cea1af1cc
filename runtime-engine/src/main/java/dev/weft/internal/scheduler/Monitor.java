/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.scheduler;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One thread for all runtimes of the JVM: looks whether every worker gets on, and rescues the work of one that does not.
 *
 * <p>It sleeps while all workers are parked, and ends with the last runtime. It calls no user code and logs nothing
 * itself, since it could then wait for a task; both happen on virtual threads of the JDK's scheduler.
 */
final class Monitor implements Runnable {

    /*
     * Going to sleep: asleep = true, then every core is looked at once more, then park. A worker ends its park by a CAS
     * on its core and then reads asleep. Both are sequentially consistent, so one of the two sees the other.
     */

    private static final System.Logger LOG = System.getLogger("dev.weft.Monitor");

    private static final long SHORTEST_NANOS = 500_000;
    private static final long LONGEST_NANOS = 5_000_000;
    private static final int QUIET_SAMPLES = 20;

    private static final CopyOnWriteArrayList<StallWatch> WATCHES = new CopyOnWriteArrayList<>();

    /** Reports that could not be made. */
    private static final LongAdder UNTOLD = new LongAdder();

    private static volatile boolean asleep;
    private static volatile @Nullable Thread thread;

    private Monitor() {}

    static synchronized void register(WorkerScheduler scheduler) {
        WATCHES.add(new StallWatch(scheduler));
        if (thread == null) {
            Thread made = Thread.ofPlatform()
                    .daemon()
                    .name("weft-monitor")
                    .inheritInheritableThreadLocals(false) // it outlives the application that happens to start it
                    .unstarted(new Monitor());
            made.setContextClassLoader(null);
            made.setPriority(Thread.MAX_PRIORITY);
            thread = made;
            made.start();
        }
        wake();
    }

    static void unregister(WorkerScheduler scheduler) {
        WATCHES.removeIf(watch -> watch.scheduler() == scheduler);
        wake();
    }

    static boolean isAsleep() {
        return asleep;
    }

    static void wake() {
        asleep = false;
        LockSupport.unpark(thread);
    }

    /** An error of the engine itself. */
    static void fault(String where, Throwable e) {
        tell(() -> LOG.log(System.Logger.Level.ERROR, "Weft: internal error in " + where, e));
    }

    static void warn(String message) {
        tell(() -> LOG.log(System.Logger.Level.WARNING, message));
    }

    /** Away from here: a log may be guarded by a lock that a stalled task holds. */
    private static void tell(Runnable report) {
        try {
            if (Thread.currentThread().isVirtual()) {
                report.run();
            } else {
                Thread.ofVirtual().name("weft-report").start(report);
            }
        } catch (Throwable e) {
            UNTOLD.increment(); // out of memory, most likely; whoever calls this must go on
        }
    }

    @Override
    public void run() {
        int quiet = 0;
        long last = System.nanoTime();
        long interval = LONGEST_NANOS;
        while (!mayEnd()) {
            long now = System.nanoTime();
            // Whoever slept much longer than asked was not running, and neither were the workers, perhaps. See StallWatch.
            boolean overslept = now - last > 4 * interval;
            last = now;
            quiet = sampleAll(now, overslept) ? 0 : quiet + 1;
            interval = interval(WATCHES);
            if (quiet < QUIET_SAMPLES) {
                LockSupport.parkNanos(this, interval);
            } else {
                sleep();
                quiet = 0;
                last = System.nanoTime();
            }
        }
    }

    private static boolean sampleAll(long now, boolean overslept) {
        boolean busy = false;
        for (StallWatch watch : WATCHES) {
            try {
                busy |= watch.sample(now, overslept);
            } catch (Throwable e) {
                fault("monitor", e);
            }
        }
        return busy;
    }

    private static void sleep() {
        asleep = true;
        for (StallWatch watch : WATCHES) {
            if (watch.isBusy()) {
                asleep = false;
                return;
            }
        }
        while (asleep && !WATCHES.isEmpty()) {
            LockSupport.park();
        }
        asleep = false;
    }

    private static long interval(List<StallWatch> watches) {
        long shortest = 2 * LONGEST_NANOS;
        for (StallWatch watch : watches) {
            shortest = Math.min(shortest, watch.scheduler().config().stallThresholdNanos());
        }
        return Math.clamp(shortest / 2, SHORTEST_NANOS, LONGEST_NANOS);
    }

    private static synchronized boolean mayEnd() {
        if (WATCHES.isEmpty()) {
            thread = null;
            return true;
        }
        return false;
    }
}
