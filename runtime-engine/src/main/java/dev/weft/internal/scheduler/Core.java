/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.scheduler;

import dev.weft.internal.concurrent.LocalQueue;
import dev.weft.internal.concurrent.NodeList;
import dev.weft.internal.concurrent.QueueNode;
import dev.weft.internal.concurrent.SpinBudget;
import dev.weft.internal.timer.OwnerGuard;
import dev.weft.internal.timer.TimerDriver;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What a worker works with: its ring, LIFO slot, timers, idle runners and counters. A core outlives the thread that
 * works on it; when that thread is stuck in a task, the monitor gives the core to a spare.
 *
 * <p>Fields are the owner's unless they say otherwise. The owner is the worker whose {@code core} field points here,
 * while it is inside the scheduler ({@link Worker#enter}).
 */
final class Core {

    private static final VarHandle SEQUENCE;
    private static final VarHandle LIFO;
    private static final VarHandle HANDOFF;
    private static final VarHandle PARKED;
    private static final VarHandle COUNTERS;

    static {
        try {
            var lookup = MethodHandles.lookup();
            SEQUENCE = lookup.findVarHandle(Core.class, "sequence", long.class);
            LIFO = lookup.findVarHandle(Core.class, "lifo", QueueNode.class);
            HANDOFF = lookup.findVarHandle(Core.class, "handoff", QueueNode.class);
            PARKED = lookup.findVarHandle(Core.class, "parked", int.class);
            COUNTERS = MethodHandles.arrayElementVarHandle(long[].class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    // What the counters count. The array is padded, so that two cores never share a cache line.
    static final int SPAWNED = 8;
    static final int COMPLETED = 9;
    static final int STARTED = 10;
    static final int GUESTS = 11;
    static final int LIFO_SLICES = 12;
    static final int STEALS = 13;
    static final int STOLEN = 14;
    static final int OVERFLOWS = 15;
    static final int PARKS = 16;
    static final int WAKES = 17;
    static final int DRIVER_TURNS = 18;
    static final int RUNNERS = 19;
    static final int BUSY_NANOS = 20;
    static final int IDLE_NANOS = 21;

    static final int MAX_IDLE_RUNNERS = 64;

    final int index;
    final LocalQueue queue = new LocalQueue();
    final TimerDriver timers;
    private final long[] counters = new long[32];

    /**
     * Runs next when set; not stealable, but a spare finds it. Read racily by the monitor. Who puts something in has
     * come through {@link Worker#enter}, whose release fence publishes the node.
     */
    @Nullable QueueNode lifo;

    /**
     * What had to leave the slot and may not stand in the ring yet. It is set before the slot is, by plain stores with no
     * call between them, since a call is where the stack can end; whoever pushes next finishes a push that was cut off.
     * Pushing an entry twice is harmless, the second is dropped when it is met.
     */
    @Nullable QueueNode displaced;

    /** What yielded: it runs when there is nothing else to run, or after the next driver turn. */
    final NodeList yielded = new NodeList();

    /** An entry that a runner took from the ring and cannot run itself. Looked at racily by the monitor. */
    @Nullable QueueNode handoff;

    final Runner[] idleRunners = new Runner[MAX_IDLE_RUNNERS];
    int idleRunnerCount;

    /** Grows with each slice: what the monitor watches. */
    @SuppressWarnings("unused") // accessed through SEQUENCE
    private long sequence;

    /** 1 while the owner is parked; whoever takes it to 0 ends the park. */
    @SuppressWarnings("unused") // accessed through PARKED
    private volatile int parked;

    /** The thread that works on this core, or did last. Written by that thread. */
    volatile @Nullable Worker worker;

    /** This core is counted among the searching ones. */
    boolean searching;

    /** Coarse clock: when the last driver turn was. */
    long now;

    /** How long the owner looks for work before it sleeps. */
    final SpinBudget spin = new SpinBudget(true);

    /** How often in a row the owner, searching, has left work to another worker. */
    int stealsForgone;

    int lifoRun;
    int sliceBudget;
    int ticksToDriver;
    int ticksToInjection;
    int injectionInterval = 61;
    double meanSliceNanos = 3300;
    long ticks;
    int random;

    /** Set by the monitor when a timer is due although the owner is busy. */
    volatile boolean driverDue;

    /** The core is to be given up at the owner's next turn. Set by a resize. */
    volatile boolean retired;

    /** Nobody works on this core any more. Set by the last owner. */
    volatile boolean orphaned;

    /** Held by who reads the mail of an orphaned core. */
    final AtomicBoolean orphanLock = new AtomicBoolean();

    Core(int index, CoreHost host) {
        this.index = index;
        this.random = index * 0x9E3779B9 + 1;
        this.timers = new TimerDriver(host.clock(), new OwnerGuard() {
            @Override
            public boolean tryEnter() {
                return host.tryEnter(Core.this);
            }

            @Override
            public void exit() {
                host.exit(Core.this);
            }
        });
        this.now = host.clock().nanoTime();
    }

    // ---- counters --------------------------------------------------------------------------------------------------

    void add(int counter, long amount) {
        COUNTERS.setRelease(counters, counter, (long) COUNTERS.get(counters, counter) + amount); // single writer
    }

    long count(int counter) {
        return (long) COUNTERS.getAcquire(counters, counter);
    }

    void nextSlice() {
        SEQUENCE.setOpaque(this, (long) SEQUENCE.get(this) + 1);
    }

    /** Any thread. */
    long sequence() {
        return (long) SEQUENCE.getOpaque(this);
    }

    // ---- LIFO slot -------------------------------------------------------------------------------------------------

    @Nullable QueueNode takeLifo() {
        QueueNode node = (QueueNode) LIFO.get(this);
        if (node != null) {
            LIFO.setOpaque(this, null);
        }
        return node;
    }

    /** Any thread, racy. */
    @Nullable QueueNode peekLifo() {
        return (QueueNode) LIFO.getAcquire(this);
    }

    /** Any thread, racy. */
    boolean hasHandoff() {
        return HANDOFF.getOpaque(this) != null;
    }

    /** Any thread, racy. */
    int depth() {
        return queue.size() + (peekLifo() == null ? 0 : 1);
    }

    // ---- idle runners ----------------------------------------------------------------------------------------------

    boolean cache(Runner runner) {
        if (idleRunnerCount == MAX_IDLE_RUNNERS) {
            return false;
        }
        runner.cachedAtNanos = now;
        idleRunners[idleRunnerCount++] = runner;
        return true;
    }

    @Nullable Runner takeIdleRunner() {
        if (idleRunnerCount == 0) {
            return null;
        }
        Runner runner = idleRunners[--idleRunnerCount];
        clearIdleRunner(idleRunnerCount);
        return runner;
    }

    @SuppressWarnings("NullAway") // slots above the count are empty
    private void clearIdleRunner(int at) {
        idleRunners[at] = null;
    }

    /** Lets go of runners that nobody has needed for a while: those at the bottom of the stack. */
    void expireIdleRunners(long olderThanNanos) {
        int expired = 0;
        while (expired < idleRunnerCount && now - idleRunners[expired].cachedAtNanos >= olderThanNanos) {
            expired++;
        }
        if (expired == 0) {
            return;
        }
        Runner[] gone = Arrays.copyOf(idleRunners, expired);
        System.arraycopy(idleRunners, expired, idleRunners, 0, idleRunnerCount - expired);
        for (int i = idleRunnerCount - expired; i < idleRunnerCount; i++) {
            clearIdleRunner(i);
        }
        idleRunnerCount -= expired;
        for (Runner runner : gone) {
            runner.retireNow(); // wakes it, through execute(), onto this core
        }
    }

    // ---- parking ---------------------------------------------------------------------------------------------------

    void setParked() {
        parked = 1; // volatile: stands before the owner's re-check of the queues
    }

    /** Ends a park; true for exactly one caller. Any thread. */
    boolean tryUnpark() {
        return parked == 1 && PARKED.compareAndSet(this, 1, 0);
    }

    boolean isParked() {
        return parked == 1;
    }

    int nextRandom(int bound) {
        int x = random;
        x ^= x << 13;
        x ^= x >>> 17;
        x ^= x << 5;
        random = x;
        return (int) (((x & 0xFFFF_FFFFL) * bound) >>> 32);
    }
}
