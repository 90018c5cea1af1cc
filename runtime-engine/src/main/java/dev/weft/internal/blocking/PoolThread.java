/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.blocking;

import dev.weft.internal.context.ForeignContext;
import dev.weft.internal.context.RuntimeHost;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A thread of the pool. Fields are guarded by the pool's lock unless they say otherwise. */
final class PoolThread extends Thread {

    private final BlockingPool pool;
    private final RuntimeHost host;

    /** Whether the last job was entered. Own thread only. */
    private boolean ran;

    /** What it runs, or null between jobs. */
    @Nullable Job current;

    long startedNanos;

    /** Whether it is among the {@link IdleThreads}, and its links there. */
    boolean idle;

    @Nullable PoolThread idleAbove;
    @Nullable PoolThread idleBelow;

    /** Whether it was started or called and has not looked at the queue since. Read without the lock by its own thread. */
    volatile boolean coming = true;

    PoolThread(BlockingPool pool, RuntimeHost host, @Nullable ThreadGroup group, String name) {
        super(group, null, name, 0, false);
        this.pool = pool;
        this.host = host;
        setDaemon(true);
        setPriority(NORM_PRIORITY);
        setContextClassLoader(ClassLoader.getSystemClassLoader()); // not the submitter's: it would be kept alive
    }

    @Override
    public void run() {
        var context = new ForeignContext(host);
        try {
            while (runNext(context)) {
                // until the pool needs this thread no more
            }
        } finally {
            pool.left(this);
        }
    }

    /** In a frame of its own, so that an idle thread keeps no reference to its last job. */
    private boolean runNext(ForeignContext context) {
        Job job = pool.next(this, ran);
        if (job == null) {
            return false;
        }
        ran = context.run(job.cell);
        return true;
    }

    /** Parks until called or until the time is up, and tells whether it was called. Own thread, without the lock. */
    boolean awaitCall(long idleSinceNanos) {
        while (!coming) {
            long left = pool.keepAliveNanos() - (System.nanoTime() - idleSinceNanos);
            if (left <= 0) {
                return false;
            }
            LockSupport.parkNanos(pool, left);
            clearInterrupt(); // nobody may interrupt an idle pool thread; without this it would spin
        }
        return true;
    }

    @SuppressWarnings("ResultOfMethodCallIgnored")
    private static void clearInterrupt() {
        Thread.interrupted();
    }
}
