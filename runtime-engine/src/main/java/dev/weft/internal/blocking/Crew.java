/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.blocking;

import dev.weft.internal.context.RuntimeHost;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The threads of a pool: who is idle, who is on the way to the queue, who is called next. Guarded by the pool's lock. */
final class Crew {

    /*
     * A thread is in one of three states:
     *
     *   coming   it was started or called and will look at the queue before it does anything else
     *   busy     it runs a job, and will look at the queue before it does anything else
     *   idle     it stands in the idle stack, parked or about to park
     *
     *   new    -> coming         // started
     *   idle   -> coming         // called: taken off the stack under the lock, unparked after it
     *   coming -> busy           // found a job
     *   busy   -> busy           // found the next one
     *   coming, busy -> idle     // found nothing
     *   idle   -> gone           // keep-alive over, and nobody called first; the lock decides
     *   coming, busy -> gone     // more threads than allowed, or shut down with an empty queue
     *
     * Threads are started under the lock, so a thread that is counted is a thread that exists.
     */

    /** How long to make do with the threads there are after the system has refused one. */
    private static final long REFUSAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final BlockingPool pool;
    private final RuntimeHost host;
    private final String namePrefix;
    private final ThreadStarter starter;
    private final @Nullable ThreadGroup group = Thread.currentThread().getThreadGroup();

    /** More threads than this can't start running at once anyway. */
    private final int mostComing = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

    private final Set<PoolThread> threads = new LinkedHashSet<>();
    private final IdleThreads idle = new IdleThreads();
    private int coming;
    private int peak;
    private long lastNumber;

    private @Nullable Throwable refusal;
    private long refusedNanos;

    /** The first thread called during this hold of the lock; unparked after it, so that it does not run into the lock. */
    private @Nullable PoolThread called;

    Crew(BlockingPool pool, RuntimeHost host, String namePrefix, ThreadStarter starter) {
        this.pool = pool;
        this.host = host;
        this.namePrefix = namePrefix;
        this.starter = starter;
    }

    int size() {
        return threads.size();
    }

    int idle() {
        return idle.size();
    }

    int busy() {
        return threads.size() - idle.size() - coming;
    }

    int peak() {
        return peak;
    }

    /** Returns why the system refused the last thread that was asked for, or null when it did not. */
    @Nullable Throwable refusal() {
        return refusal;
    }

    /** Returns how many more jobs than the running ones there are threads for: on the way, idle, or not started yet. */
    int spare(int maxThreads) {
        int startable = refusal == null ? Math.max(0, maxThreads - threads.size()) : 0;
        return coming + idle.size() + startable;
    }

    /** Makes sure that enough threads are on the way to a queue of that many jobs, as far as they can be had. */
    void comeFor(int jobs, int maxThreads) {
        int wanted = Math.min(jobs, mostComing);
        boolean found = true;
        while (found && coming < wanted) {
            found = tryCall() || tryStart(maxThreads);
        }
    }

    private boolean tryCall() {
        PoolThread thread = idle.popNewest();
        if (thread == null) {
            return false;
        }
        call(thread);
        return true;
    }

    /** Calls the threads idle for longest, which will find that they shall leave. */
    void callOldest(int count) {
        PoolThread thread;
        for (int left = count; left > 0 && (thread = idle.popOldest()) != null; left--) {
            call(thread);
        }
    }

    /** The thread has been taken off the idle stack. */
    private void call(PoolThread thread) {
        thread.coming = true;
        coming++;
        if (called == null) {
            called = thread;
        } else {
            LockSupport.unpark(thread);
        }
    }

    /** Returns the thread to unpark as soon as the lock is free. */
    @Nullable PoolThread takeCalled() {
        PoolThread thread = called;
        called = null;
        return thread;
    }

    private boolean tryStart(int maxThreads) {
        if (threads.size() >= maxThreads || isRefusalFresh()) {
            return false;
        }
        PoolThread thread = null;
        try {
            thread = new PoolThread(pool, host, group, namePrefix + (lastNumber + 1));
            threads.add(thread);
            starter.start(thread);
        } catch (Throwable refused) { // OutOfMemoryError: unable to create native thread
            threads.remove(thread);
            refusal = refused;
            refusedNanos = System.nanoTime();
            return false;
        }
        refusal = null;
        lastNumber++;
        coming++;
        peak = Math.max(peak, threads.size());
        return true;
    }

    /** Asking again at once would be slow, and the JVM prints a warning each time. Without any thread there is no choice. */
    private boolean isRefusalFresh() {
        return refusal != null && !threads.isEmpty() && System.nanoTime() - refusedNanos < REFUSAL_NANOS;
    }

    /** A thread that was coming has the lock. */
    void arrived(PoolThread thread) {
        if (thread.coming) {
            thread.coming = false;
            coming--;
        }
    }

    void rest(PoolThread thread) {
        idle.push(thread);
    }

    /** An idle thread leaves by itself. False when it was called at the last moment. */
    boolean tryExpire(PoolThread thread) {
        if (!thread.idle) {
            return false;
        }
        idle.remove(thread);
        return true;
    }

    /** False when it has left already. */
    boolean leave(PoolThread thread) {
        return threads.remove(thread);
    }

    void forEach(Consumer<PoolThread> each) {
        threads.forEach(each);
    }

    /** Has idle threads look at the keep-alive time again. */
    void stirIdle() {
        idle.forEach(LockSupport::unpark);
    }
}
