/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.jdk;

import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Proves on this JVM that virtual threads behave as the engine needs them. Run once, before the first runtime in
 * dedicated mode; takes a few milliseconds.
 */
public final class SelfTest {

    /** Long, because a starved machine is slow, and giving up costs the JVM dedicated mode for its whole life. */
    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** A timed park that another thread ends. */
    private static final long LONG_PARK_NANOS = 3_600_000_000_000L;

    private static final class Result {
        static final @Nullable String FAILURE = run();
    }

    private SelfTest() {}

    /** Returns why dedicated mode is not possible here, or null when it is. Blocks while the test runs. */
    public static @Nullable String failure() {
        String unavailable = VirtualThreads.unavailableBecause();
        return unavailable != null ? unavailable : Result.FAILURE;
    }

    static @Nullable String run() {
        return run(LIMIT);
    }

    static @Nullable String run(Duration limit) {
        try {
            VirtualThreads.warmUp();
            new Probe(limit).run();
            return null;
        } catch (Throwable e) {
            String check = e instanceof CheckFailed ? e.getMessage() : e.toString();
            return "the self-test of virtual threads on a scheduler of our own failed: " + check;
        }
    }

    private static final class CheckFailed extends RuntimeException {

        private static final long serialVersionUID = 1L;

        CheckFailed(String what) {
            super(what);
        }
    }

    /** A scheduler with one thread, which is the one that runs the test. */
    private static final class Probe extends ForkJoinPool {

        private final ConcurrentLinkedQueue<Runnable> queue = new ConcurrentLinkedQueue<>();
        private final AtomicInteger timers = new AtomicInteger();
        private final AtomicInteger cancels = new AtomicInteger();
        private volatile @Nullable Thread seenThread;
        private volatile @Nullable Object seenHandler;
        private volatile boolean permitSeen;
        private volatile boolean localsDropped;
        private volatile boolean childInherits;
        private volatile String step = "its start";
        private volatile @Nullable Throwable thrown;
        private final Duration limit;

        Probe(Duration limit) {
            super(1);
            this.limit = limit;
        }

        void run() throws Throwable {
            Thread.UncaughtExceptionHandler handler = (thread, e) -> thrown = e;
            Thread carrier = Thread.currentThread();
            Thread thread = VirtualThreads.newBuilder(this)
                    .inheritInheritableThreadLocals(false)
                    .uncaughtExceptionHandler(handler)
                    .unstarted(() -> body(carrier));
            thread.start();
            long deadline = System.nanoTime() + limit.toNanos();
            while (thread.isAlive()) {
                Runnable next = queue.poll();
                if (next == null) {
                    Thread.yield();
                } else {
                    next.run();
                }
                if (thread.isAlive() && System.nanoTime() - deadline > 0) {
                    throw new CheckFailed(
                            "a virtual thread did not get on within " + limit.toSeconds() + " s, at " + step);
                }
            }
            Throwable inBody = thrown;
            if (inBody != null) {
                throw inBody;
            }
            require(seenThread == thread, "a continuation does not name its thread");
            require(seenHandler == handler, "a thread does not name its handler");
            require(timers.get() >= 2, "timed parks do not reach the scheduler");
            require(cancels.get() >= 1, "an early wake does not cancel its timer");
            require(permitSeen, "the park permit cannot be seen");
            require(localsDropped, "thread-locals cannot be dropped");
            require(childInherits, "a child thread does not inherit the scheduler");
        }

        private void body(Thread carrier) {
            Thread me = Thread.currentThread();
            require(VirtualThreads.currentCarrier() == carrier, "the carrier is not the one that runs the thread");
            require(!VirtualThreads.hasOpenScope(me), "an open scope is seen where there is none");
            step = "a timed park";
            LockSupport.parkNanos(1_000_000);
            step = "a yield";
            Thread.yield();
            step = "a timed park that another thread ends";
            Thread helper = Thread.ofPlatform().daemon().start(() -> unparkWhenTimed(me));
            LockSupport.parkNanos(LONG_PARK_NANOS); // ended by the helper, so that its timer is cancelled
            require(helper != me, "threads are mixed up");
            step = "its park permit and its thread-locals";
            LockSupport.unpark(me);
            permitSeen = VirtualThreads.hasParkPermit(me);
            VirtualThreads.eatParkPermit(me);
            permitSeen &= !VirtualThreads.hasParkPermit(me);
            ThreadLocal<String> local = new ThreadLocal<>();
            local.set("left behind");
            VirtualThreads.dropThreadLocals(me);
            localsDropped = local.get() == null;
            step = "waiting for a child";
            Thread child = Thread.ofVirtual()
                    .unstarted(() -> childInherits = VirtualThreads.currentCarrier() == carrier);
            child.start();
            while (child.isAlive()) {
                Thread.yield();
            }
        }

        /** Not before the second timer is set: a permit that comes first would keep the thread from parking at all. */
        private void unparkWhenTimed(Thread thread) {
            long deadline = System.nanoTime() + limit.toNanos();
            while (timers.get() < 2 && System.nanoTime() - deadline < 0) {
                Thread.yield();
            }
            LockSupport.unpark(thread);
        }

        private static void require(boolean holds, String otherwise) {
            if (!holds) {
                throw new CheckFailed(otherwise);
            }
        }

        @Override
        public void execute(Runnable continuation) {
            if (seenThread == null) {
                Thread thread = VirtualThreads.threadOf(continuation);
                seenThread = thread;
                seenHandler = VirtualThreads.handlerOf(thread);
            }
            queue.add(continuation);
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
            timers.incrementAndGet();
            var timer = new ProbeTimer(cancels);
            Thread.ofPlatform().daemon().name("weft-probe-timer").start(() -> {
                LockSupport.parkNanos(Math.min(unit.toNanos(delay), 2_000_000));
                if (unit.toNanos(delay) < LONG_PARK_NANOS / 2) {
                    command.run();
                }
            });
            return timer;
        }
    }

    private record ProbeTimer(AtomicInteger cancels) implements ScheduledFuture<Object> {

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            return cancels.incrementAndGet() > 0;
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return 0;
        }

        @Override
        public int compareTo(Delayed other) {
            return 0;
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public boolean isDone() {
            return false;
        }

        @Override
        public Object get() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Object get(long timeout, TimeUnit unit) {
            throw new UnsupportedOperationException();
        }
    }
}
