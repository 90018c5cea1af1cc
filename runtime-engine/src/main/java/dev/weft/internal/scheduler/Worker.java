/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.scheduler;

import dev.weft.internal.concurrent.LocalQueue;
import dev.weft.internal.concurrent.QueueNode;
import dev.weft.internal.context.Carrier;
import dev.weft.internal.context.RuntimeHost;
import dev.weft.internal.context.TaskContext;
import dev.weft.internal.jdk.VirtualThreads;
import dev.weft.internal.jfr.ParkEvent;
import dev.weft.internal.jfr.StealEvent;
import dev.weft.internal.jfr.TimerLagEvent;
import dev.weft.internal.task.TaskCell;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A platform thread that works on a core: takes fresh tasks and resumable threads from the queues and runs them.
 *
 * <p>A worker without a core is a spare and waits to be given one.
 */
final class Worker extends Carrier {

    /*
     * Taking a core away without a fence on the owner's path
     *
     *   owner, before it touches its core     inScheduler = 1 (opaque); releaseFence; if (revoked) wait for the verdict
     *   owner, before user code               inScheduler = 0 (release)
     *   monitor                               if inScheduler == 0: revoked = true; thread handshake;
     *                                         if inScheduler == 0: owner.core = null; give it to a spare   // taken
     *                                         revoked = false
     *
     * The owner's store to inScheduler and its load of revoked may be reordered by the processor. The handshake (a
     * stack trace of the thread) makes both sides' earlier stores visible to each other: after it, either the monitor
     * sees inScheduler == 1 and backs off, or the owner's next load sees revoked and waits for the verdict. The release
     * fence costs nothing on x86 and keeps the compiler from moving the load up. Relying on the handshake as a
     * two-sided fence is HotSpot's behaviour, not the language's: see ADR 0005.
     *
     * Inside the scheduler nothing blocks, so a verdict is never waited for longer than the monitor's handshake.
     *
     * The scheduler is entered from three places: this thread's loop; the runner that is mounted here, between its
     * tasks; and execute() or schedule(), which the JDK calls on this thread from within a task or around a mount.
     * They nest, so each leaves inScheduler as it found it.
     */

    private static final VarHandle IN_SCHEDULER;
    private static final VarHandle REVOKED;
    private static final VarHandle CORE;
    private static final VarHandle MOUNTED;
    private static final VarHandle RUNNING;

    static {
        try {
            var lookup = MethodHandles.lookup();
            IN_SCHEDULER = lookup.findVarHandle(Worker.class, "inScheduler", int.class);
            REVOKED = lookup.findVarHandle(Worker.class, "revoked", boolean.class);
            CORE = lookup.findVarHandle(Worker.class, "core", Core.class);
            MOUNTED = lookup.findVarHandle(Worker.class, "mounted", Runner.class);
            RUNNING = lookup.findVarHandle(Worker.class, "running", Runnable.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** How many fresh tasks one runner may run before the loop gets its turn. */
    private static final int SLICE_BUDGET = 61;

    private static final int MAX_LIFO_RUN = 3;
    private static final int DRIVER_INTERVAL = 61;

    /** Up to so many entries of another worker are left to it while it gets through one in less than this time. */
    private static final int FEW_ENTRIES = 16;

    private static final long FAST_NANOS = 1_000;

    /** But for so often in a row only. */
    private static final int MAX_STEALS_FORGONE = 8;

    private static final int MAX_TIMERS_PER_TURN = 1024;
    private static final double INJECTION_TARGET_NANOS = 200_000;
    private static final long LAG_NANOS = 10_000_000;
    private static final long FIRST_PARK_NANOS = 200_000;
    private static final long IDLE_RUNNER_NANOS = 10_000_000_000L;
    private static final long IDLE_SPARE_NANOS = 30_000_000_000L;

    private final WorkerScheduler scheduler;

    // this thread, and the monitor by the protocol above
    private @Nullable Core core;

    /** 1 from the start: a thread that has not got a processor yet is not stalled in a task. */
    @SuppressWarnings("unused") // accessed through IN_SCHEDULER
    private int inScheduler = 1;

    @SuppressWarnings("unused") // accessed through REVOKED
    private boolean revoked;

    // this thread only
    private @Nullable Runner mounted; // also read racily by the monitor
    private @Nullable Runnable running; // also read racily by the monitor
    private @Nullable Runner capturing;
    private boolean captured;
    private int entries;
    private boolean taken;

    /** Which core this thread worked on last; for listings. */
    private volatile int index;

    Worker(WorkerScheduler scheduler, String name, @Nullable Core core) {
        super(null, name, 0);
        this.scheduler = scheduler;
        this.core = core;
        this.index = core == null ? -1 : core.index;
        setDaemon(true);
        setContextClassLoader(null); // a worker outlives the application that happened to start it
    }

    WorkerScheduler scheduler() {
        return scheduler;
    }

    @Override
    public RuntimeHost host() {
        return scheduler.host();
    }

    @Override
    public @Nullable TaskContext mounted() {
        return mounted;
    }

    /** Any thread, racy. */
    @Nullable Runner peekMounted() {
        return (Runner) MOUNTED.getOpaque(this);
    }

    /** The thread to look at when this worker is stalled: what it has mounted, or itself. Any thread, racy. */
    Thread peekThread() {
        Runnable continuation = (Runnable) RUNNING.getOpaque(this);
        return continuation == null ? this : VirtualThreads.threadOf(continuation);
    }

    int index() {
        return index;
    }

    // ---- entering the scheduler ------------------------------------------------------------------------------------

    /** Returns what to hand to {@link #leave}. After it, {@link #core()} is this thread's to use. */
    int enter() {
        int before = (int) IN_SCHEDULER.get(this);
        IN_SCHEDULER.setOpaque(this, 1);
        VarHandle.releaseFence(); // see the protocol above
        if ((boolean) REVOKED.getAcquire(this)) { // so that after a verdict, detach() is seen as a whole
            awaitVerdict();
        }
        return before;
    }

    private void awaitVerdict() {
        while ((boolean) REVOKED.getAcquire(this) && CORE.getAcquire(this) != null) {
            Thread.onSpinWait();
        }
    }

    void leave(int before) {
        IN_SCHEDULER.setRelease(this, before);
    }

    /** The core, or null when it was taken away. Inside the scheduler only. */
    @Nullable Core core() {
        return (Core) CORE.getAcquire(this);
    }

    /** Remembers what {@link #enter} returned, for calls that cannot carry it themselves. They nest. */
    void pushEntry(int before) {
        entries = entries << 1 | before;
    }

    int popEntry() {
        int before = entries & 1;
        entries >>>= 1;
        return before;
    }

    // ---- the monitor's side ----------------------------------------------------------------------------------------

    boolean isInScheduler() {
        return (int) IN_SCHEDULER.getAcquire(this) != 0;
    }

    @Nullable Core peekCore() {
        return (Core) CORE.getAcquire(this);
    }

    void revoke() {
        REVOKED.setVolatile(this, true);
    }

    void unrevoke() {
        REVOKED.setVolatile(this, false);
    }

    /** Takes the core. After {@link #revoke} and the handshake, when the owner was seen outside the scheduler. */
    void detach() {
        CORE.setRelease(this, null);
        unrevoke();
    }

    /** Gives a core to a spare. The caller owns the core until this call. */
    void attach(Core given) {
        CORE.setRelease(this, given); // pairs with getAcquire in waitForCore()
        LockSupport.unpark(this);
    }

    // ---- the loop --------------------------------------------------------------------------------------------------

    @Override
    public void run() {
        try {
            while (!looped()) {
                continue;
            }
        } finally {
            scheduler.workerEnded();
        }
    }

    /** Out of memory may strike anywhere; a worker that ended because of it would take its core with it. */
    private boolean looped() {
        try {
            loop();
            return true;
        } catch (Throwable e) {
            scheduler.fault("worker", e);
            LockSupport.parkNanos(1_000_000);
            return false;
        }
    }

    private void loop() {
        Core before = null;
        for (;;) {
            enter();
            Core mine = core();
            if (mine == null) {
                before = null;
                if (!waitForCore()) {
                    return;
                }
                continue;
            }
            if (mine != before) {
                before = mine;
                taken = false; // the core may have come before this thread began to wait for it
                index = mine.index;
                mine.worker = this;
            }
            if (scheduler.isClosed()) {
                scheduler.abandon(mine);
                CORE.setRelease(this, null);
                return;
            }
            if (mine.retired) {
                CORE.setRelease(this, null);
                scheduler.retire(mine);
                continue;
            }
            step(mine);
        }
    }

    private void step(Core mine) {
        if (mine.displaced != null) {
            scheduler.pushDisplaced(mine);
        }
        if (--mine.ticksToDriver <= 0 || mine.driverDue) {
            driverTurn(mine);
        }
        QueueNode node = next(mine);
        if (node == null) {
            node = mine.yielded.poll();
            scheduler.resumeYielded(mine);
        }
        if (node == null) {
            node = search(mine);
        }
        if (node == null) {
            park(mine);
            return;
        }
        scheduler.idle().foundWork(mine);
        mine.sliceBudget = SLICE_BUDGET;
        run(mine, node);
    }

    private void run(Core mine, QueueNode node) {
        try {
            if (node instanceof Runner runner) {
                runner.clearQueued();
                resume(mine, runner);
            } else if (node instanceof TaskCell<?> task) {
                runFresh(mine, task);
            } else {
                mine.add(Core.GUESTS, 1);
                mine.nextSlice();
                runContinuation(null, ((GuestNode) node).continuation);
            }
        } catch (Throwable e) {
            scheduler.fault("slice", e); // an error of the JDK around a mount; the task's own never come here
        }
    }

    private void runFresh(Core mine, TaskCell<?> task) {
        if (!task.isQueued()) {
            return; // aborted or run inline meanwhile
        }
        mine.add(Core.STARTED, 1);
        boolean alone = task.needsOwnThread();
        Runner runner = alone ? null : mine.takeIdleRunner();
        if (runner == null) {
            startRunner(mine, task, alone);
        } else {
            runner.hand(task);
            capturing = runner;
            captured = false;
            LockSupport.unpark(runner.thread());
            capturing = null;
            if (captured) {
                resume(mine, runner);
            }
        }
    }

    private void startRunner(Core mine, TaskCell<?> task, boolean alone) {
        Runner runner = null;
        boolean started = false;
        try {
            runner = scheduler.newRunner(alone);
            mine.add(Core.RUNNERS, 1);
            runner.hand(task);
            capturing = runner;
            captured = false;
            runner.thread().start();
            started = true;
        } finally {
            capturing = null;
            if (!started) {
                scheduler.notStarted(runner, task); // out of memory; the error goes on to the fault handler
            }
        }
        if (captured) {
            resume(mine, runner);
        }
    }

    private void resume(Core mine, Runner runner) {
        mine.nextSlice();
        runner.slices++;
        runContinuation(runner, Objects.requireNonNull(runner.continuation));
    }

    private void runContinuation(@Nullable Runner runner, Runnable continuation) {
        MOUNTED.setOpaque(this, runner);
        RUNNING.setOpaque(this, continuation);
        leave(0);
        try {
            continuation.run();
        } finally {
            enter();
            RUNNING.setOpaque(this, null);
            MOUNTED.setOpaque(this, null);
        }
    }

    // ---- what to run next ------------------------------------------------------------------------------------------

    private @Nullable QueueNode next(Core mine) {
        if (--mine.ticksToInjection <= 0) {
            mine.ticksToInjection = mine.injectionInterval;
            QueueNode injected = takeInjected(mine);
            if (injected != null) {
                return injected;
            }
        }
        QueueNode node = mine.handoff;
        if (node != null) {
            mine.handoff = null;
            return node;
        }
        node = nextLocal(mine);
        return node != null ? node : takeInjected(mine);
    }

    private static @Nullable QueueNode nextLocal(Core mine) {
        if (mine.lifoRun >= MAX_LIFO_RUN) {
            mine.lifoRun = 0;
            QueueNode waiting = mine.queue.pop();
            if (waiting != null) {
                return waiting;
            }
        }
        QueueNode latest = mine.takeLifo();
        if (latest != null) {
            mine.lifoRun++;
            mine.add(Core.LIFO_SLICES, 1);
            return latest;
        }
        mine.lifoRun = 0;
        return mine.queue.pop();
    }

    private @Nullable QueueNode takeInjected(Core mine) {
        return scheduler.takeInjected(mine);
    }

    private @Nullable QueueNode search(Core mine) {
        Core[] cores = scheduler.working();
        if (cores.length > 1 && scheduler.idle().tryStartSearching(mine)) {
            QueueNode stolen = steal(mine, cores);
            if (stolen != null) {
                return stolen;
            }
        }
        return takeInjected(mine);
    }

    private static @Nullable QueueNode steal(Core mine, Core[] cores) {
        int start = mine.nextRandom(cores.length);
        Core few = null;
        for (int i = 0; i < cores.length; i++) {
            Core victim = cores[(start + i) % cores.length];
            int entries = victim == mine ? 0 : victim.queue.size();
            if (entries > FEW_ENTRIES) {
                QueueNode stolen = steal(mine, victim);
                if (stolen != null) {
                    return stolen;
                }
            } else if (entries > 0 && few == null) {
                few = victim;
            }
        }
        return few != null && isWorthStealing(mine, few.queue) ? steal(mine, few) : null;
    }

    /**
     * Moving a task to another processor costs more than running a very short one. So a few entries that their owner
     * gets through within a moment are left to it, though not for ever.
     */
    private static boolean isWorthStealing(Core mine, LocalQueue queue) {
        QueueNode oldest = queue.peekOldest();
        long since = System.nanoTime();
        do {
            Thread.onSpinWait();
        } while (System.nanoTime() - since < FAST_NANOS);
        return queue.peekOldest() == oldest || ++mine.stealsForgone >= MAX_STEALS_FORGONE;
    }

    private static @Nullable QueueNode steal(Core mine, Core victim) {
        QueueNode stolen = victim.queue.stealInto(mine.queue);
        if (stolen != null) {
            mine.stealsForgone = 0;
            int entries = 1 + mine.queue.size();
            mine.add(Core.STEALS, 1);
            mine.add(Core.STOLEN, entries);
            StealEvent.emit(mine.index, victim.index, entries);
        }
        return stolen;
    }

    // ---- driver and park -------------------------------------------------------------------------------------------

    private void driverTurn(Core mine) {
        long now = scheduler.clock().nanoTime();
        long sequence = mine.sequence();
        long slices = sequence - mine.ticks;
        long elapsed = now - mine.now;
        if (slices > 0) {
            // Weighted as if the mean had been updated at each slice by a tenth (Tokio's choice).
            double weight = 1 - Math.pow(0.9, slices);
            mine.meanSliceNanos += weight * ((double) elapsed / slices - mine.meanSliceNanos);
            int interval = Math.clamp((long) (INJECTION_TARGET_NANOS / Math.max(1, mine.meanSliceNanos)), 2, 127);
            if (Math.abs(interval - mine.injectionInterval) > 2) {
                mine.injectionInterval = interval;
            }
            mine.add(Core.BUSY_NANOS, elapsed);
        }
        mine.ticks = sequence;
        mine.now = now;
        mine.ticksToDriver = DRIVER_INTERVAL;
        mine.driverDue = false;
        mine.add(Core.DRIVER_TURNS, 1);
        long lag = now - mine.timers.publishedDeadlineNanos();
        if (lag > LAG_NANOS && mine.timers.size() != 0) {
            TimerLagEvent.emit(mine.index, lag);
        }
        mine.timers.advance(now, MAX_TIMERS_PER_TURN);
        scheduler.advanceAdopted(mine, now, MAX_TIMERS_PER_TURN);
        scheduler.resumeYielded(mine);
    }

    private void park(Core mine) {
        driverTurn(mine);
        if (mine.depth() != 0 || mine.handoff != null) {
            return; // a timer made work
        }
        long idleSince = mine.now;
        if (!spin(mine)) {
            parkUntilWork(mine);
        }
        long now = scheduler.clock().nanoTime();
        mine.add(Core.IDLE_NANOS, now - idleSince);
        mine.now = now;
        mine.ticksToDriver = 0;
        if (scheduler.monitorAsleep()) {
            scheduler.wakeMonitor();
        }
    }

    /** Looks for work a little longer before the sleep. Returns whether there is some. */
    private boolean spin(Core mine) {
        // Who is counted among the searching spares the others' wakes. One that was refused leaves it to who was not.
        long limit = mine.searching || scheduler.working().length == 1 ? mine.spin.nanos() : 0;
        if (limit == 0) {
            return false;
        }
        long due = scheduler.nextDeadline(mine);
        if (due != Long.MAX_VALUE && due - scheduler.clock().nanoTime() <= limit) {
            return false;
        }
        long since = System.nanoTime();
        boolean found = mine.spin.spinUntil(() -> scheduler.hasWork() || mine.timers.hasMail(), since);
        if (found) {
            mine.spin.waited(System.nanoTime() - since);
        }
        return found;
    }

    private void parkUntilWork(Core mine) {
        IdleWorkers idle = scheduler.idle();
        idle.parking(mine);
        boolean own = false;
        long until = scheduler.nextDeadline(mine); // published before the look at the mail, see TimerDriver
        if (scheduler.hasWork() || mine.timers.hasMail() || scheduler.isClosed() || mine.retired) {
            own = idle.tryEndPark(mine);
        } else {
            mine.add(Core.PARKS, 1);
            long since = System.nanoTime();
            ParkEvent event = ParkEvent.started();
            own = sleep(mine, idle, until);
            event.ended(mine.index);
            mine.spin.waited(System.nanoTime() - since);
        }
        if (!own) {
            mine.add(Core.WAKES, 1);
        }
    }

    /** Sleeps until woken or until something is due. Returns whether it ended the park by itself. */
    private boolean sleep(Core mine, IdleWorkers idle, long until) {
        boolean first = true;
        boolean expire = mine.idleRunnerCount > 0;
        while (mine.isParked()) {
            long now = scheduler.clock().nanoTime();
            long left = until == Long.MAX_VALUE ? Long.MAX_VALUE : until - now;
            if (left <= 0) {
                return idle.tryEndPark(mine);
            }
            if (first) {
                first = false;
                LockSupport.parkNanos(this, Math.min(left, FIRST_PARK_NANOS));
                // A push that missed this worker in its store buffer is visible by now.
                if (scheduler.hasWork()) {
                    return idle.tryEndPark(mine);
                }
            } else if (expire && left > IDLE_RUNNER_NANOS) {
                LockSupport.parkNanos(this, IDLE_RUNNER_NANOS);
                if (mine.isParked() && idle.tryEndPark(mine)) {
                    mine.now = scheduler.clock().nanoTime();
                    mine.expireIdleRunners(IDLE_RUNNER_NANOS / 2);
                    return true;
                }
            } else if (left == Long.MAX_VALUE) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, left);
            }
            clearInterrupt();
        }
        mine.searching = true; // the waker counted us
        return false;
    }

    private static void clearInterrupt() {
        if (Thread.currentThread().isInterrupted()) {
            Thread.interrupted();
        }
    }

    /** Starts a spare that somebody is about to give a core, and which is therefore not to be found among the waiting. */
    void startAsTaken() {
        taken = true;
        start();
    }

    /** Waits as a spare. False when it is no longer needed. */
    private boolean waitForCore() {
        leave(0);
        if (taken) {
            taken = false;
        } else if (scheduler.spares().areTooMany()) {
            return false;
        } else {
            scheduler.addSpare(this);
        }
        long until = System.nanoTime() + IDLE_SPARE_NANOS;
        while (core() == null) {
            if (scheduler.isClosed() && scheduler.removeSpare(this)) {
                return false;
            }
            long left = until - System.nanoTime();
            if (left <= 0 && scheduler.removeSpare(this)) {
                return false;
            }
            LockSupport.parkNanos(this, Math.max(left, 1_000_000));
            clearInterrupt();
        }
        return true;
    }

    // ---- called on this thread by the runner that is mounted here ---------------------------------------------------

    /** A runner finished a task: gives it the next fresh one, or takes it into the cache (null), or retires it (null). */
    @Nullable TaskCell<?> nextFresh(Runner runner, boolean ran) {
        int before = enter();
        Core mine = core();
        if (mine == null) {
            if (ran) {
                scheduler.endedElsewhere();
            }
            runner.retire();
            leave(before);
            return null;
        }
        if (ran) {
            mine.add(Core.COMPLETED, 1);
        }
        if (mounted != runner) {
            MOUNTED.setOpaque(this, runner); // it came here looking like a guest: its task had replaced its handler
        }
        // The loop has duties of its own after so many tasks, not only after so many runners.
        boolean loopIsDue = --mine.ticksToInjection <= 0 | --mine.ticksToDriver <= 0 || mine.driverDue;
        if (--mine.sliceBudget > 0 && !loopIsDue) {
            TaskCell<?> next = nextFreshOf(mine);
            if (next != null) {
                mine.nextSlice();
                mine.add(Core.STARTED, 1);
                runner.slices = 1;
                leave(before);
                return next;
            }
        }
        if (!mine.cache(runner)) {
            runner.retire();
        }
        // Stays inside the scheduler: this runner parks now, and the loop goes on. Nobody may take the core in between,
        // or the new owner could hand a task to a runner that is still on its way out.
        return null;
    }

    private @Nullable TaskCell<?> nextFreshOf(Core mine) {
        if (mine.handoff != null) {
            return null; // the loop let an injected entry overtake it; there is no second place to set one aside
        }
        for (;;) {
            QueueNode node = nextLocal(mine);
            if (node == null) {
                node = takeInjected(mine);
            }
            if (node == null) {
                return null;
            }
            if (node instanceof TaskCell<?> task && !task.needsOwnThread()) {
                if (task.isQueued()) {
                    return task;
                }
            } else {
                mine.handoff = node;
                return null;
            }
        }
    }

    /** The task mounted here is about to block: gives the rest of the core's work away first, if a spare can be had. */
    void giveCoreAway() {
        int before = enter();
        Core mine = core();
        if (mine != null) {
            Worker spare = scheduler.takeSpare();
            if (spare != null) {
                CORE.setRelease(this, null);
                spare.attach(mine);
            }
        }
        leave(before);
    }

    /** A runner finished a task and its thread ends. */
    void taskEnded() {
        int before = enter();
        countEnd();
        leave(before);
    }

    private @Nullable Core countEnd() {
        Core mine = core();
        if (mine == null) {
            scheduler.endedElsewhere();
        } else {
            mine.add(Core.COMPLETED, 1);
        }
        return mine;
    }

    /** A task ran on the stack of another one. If its entry still stands where it was put last, it goes now. */
    void taskEndedInline(TaskCell<?> task) {
        int before = enter();
        Core mine = countEnd();
        if (mine != null) {
            if (mine.peekLifo() == task) {
                mine.takeLifo();
            } else {
                mine.queue.unpush(task);
            }
        }
        leave(before);
    }

    /** Whether {@code runner}'s wake is the answer to the worker's own handing over, to be run in place. */
    boolean capture(Runner runner) {
        if (capturing != runner) {
            return false;
        }
        captured = true;
        return true;
    }

    /** Whether the continuation is the one that has just run here: it yielded, or woke itself. */
    boolean isRunning(Runnable continuation) {
        return running == continuation && !Thread.currentThread().isVirtual();
    }
}
