/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.scheduler;

import dev.weft.clock.TimeSource;
import dev.weft.internal.concurrent.InjectionQueue;
import dev.weft.internal.concurrent.QueueNode;
import dev.weft.internal.concurrent.SlotTable;
import dev.weft.internal.context.Contexts;
import dev.weft.internal.context.RuntimeHost;
import dev.weft.internal.jdk.VirtualThreads;
import dev.weft.internal.jfr.WorkerEvents;
import dev.weft.internal.port.RuntimePort;
import dev.weft.internal.task.TaskCell;
import dev.weft.internal.timer.TimerEntry;
import dev.weft.metrics.StallInfo;
import dev.weft.metrics.TimerMetrics;
import dev.weft.metrics.WorkerMetrics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The work-stealing scheduler of dedicated mode, as the JDK sees it: the executor that virtual threads run on.
 *
 * <p>{@link #execute} and {@link #schedule(Runnable, long, TimeUnit)} are called by the JDK from workers, from other
 * virtual threads while they are pinned, and from pollers, timers and interrupters. They never throw, block, log, take
 * a lock or run anything; a thread whose scheduler did one of these would be lost.
 */
public final class WorkerScheduler extends ForkJoinPool implements Scheduler {

    /*
     * Why a ForkJoinPool: the JDK's virtual threads hand their timed parks to the scheduler's own schedule() when it is
     * one, and to slow shared threads when it is not. Nothing else of the class is used; its factory refuses, so it
     * never has a thread.
     *
     * Close. closed = true; workers drain their cores and end; what arrives later goes to the JDK's own scheduler, for
     * ever. Each producer looks at closed again after its enqueue, and if it is set drains the injection queue itself:
     * either the closing drain sees the node, or the producer sees closed.
     */

    static final int MAX_INLINE_DEPTH = 16;

    private static final int INJECTION_BATCH = 32;

    private final RuntimeHost host;
    private final TimeSource clock;
    private final SchedulerConfig config;
    private final InjectionQueue injection = new InjectionQueue();
    private final CoreHost coreHost = new Cores();
    private final IdleWorkers idle = new IdleWorkers(coreHost);
    private final SlotTable<Runner> runners = new SlotTable<>();
    private final SpareWorkers spares;
    private final StallLog stallLog = new StallLog();

    /** Where timers go that outlive the workers. */
    private final TimerService lateTimers;

    /** Pushes to the injection queue that the ledger has not counted as spawned from outside. */
    private final LongAdder reinjected = new LongAdder();
    private final TaskLedger ledger = new TaskLedger();
    private final LongAdder forwarded = new LongAdder();

    private volatile Core[] cores;
    private volatile Core[] working; // written under workingLock
    private final Object workingLock = new Object();
    private volatile boolean closed;

    /** Cores given up by a resize: their timers are driven by the owner of core 0. */
    private final ConcurrentLinkedQueue<Core> givenUp = new ConcurrentLinkedQueue<>();

    private final ArrayList<Core> adopted = new ArrayList<>(); // owner of core 0 only

    private final AtomicInteger liveWorkers = new AtomicInteger();

    /** Makes a scheduler and starts its workers. */
    public static WorkerScheduler start(RuntimeHost host, SchedulerConfig config) {
        WorkerEvents.load(); // so that no worker is the first to initialise one
        var scheduler = new WorkerScheduler(host, config);
        Monitor.register(scheduler);
        scheduler.startWorkers(scheduler.cores);
        return scheduler;
    }

    private WorkerScheduler(RuntimeHost host, SchedulerConfig config) {
        super(
                1,
                pool -> {
                    throw new IllegalStateException("a runtime's scheduler has no pool threads");
                },
                null,
                false);
        this.host = host;
        this.config = config;
        this.clock = config.clock();
        this.lateTimers = TimerService.of(clock);
        this.spares = new SpareWorkers(this, config.maxSpareWorkers());
        Core[] made = new Core[config.workers()];
        for (int i = 0; i < made.length; i++) {
            made[i] = new Core(i, coreHost);
            ledger.open(made[i]);
        }
        this.cores = made;
        this.working = made;
    }

    private void startWorkers(Core[] started) {
        for (Core core : started) {
            Worker waiting = spares.takeForGood();
            if (waiting != null) {
                waiting.attach(core);
                continue;
            }
            Worker worker = new Worker(this, config.threadPrefix() + "-worker-" + core.index, core);
            core.worker = worker;
            liveWorkers.incrementAndGet();
            worker.start();
        }
    }

    RuntimeHost host() {
        return host;
    }

    TimeSource clock() {
        return clock;
    }

    SchedulerConfig config() {
        return config;
    }

    /** The cores that new work goes to. */
    Core[] cores() {
        return cores;
    }

    /** Those, and the ones that are to be given up but are still worked on. */
    Core[] working() {
        return working;
    }

    IdleWorkers idle() {
        return idle;
    }

    SpareWorkers spares() {
        return spares;
    }

    StallLog stallLog() {
        return stallLog;
    }

    boolean isClosed() {
        return closed;
    }

    /** Something went wrong inside the engine. Remembered, and told by the monitor, since a worker must not log. */
    void fault(String where, Throwable e) {
        Monitor.fault(config.threadPrefix() + " " + where, e);
    }

    // ---- what the JDK calls ----------------------------------------------------------------------------------------

    @Override
    public void execute(Runnable continuation) {
        Thread thread = VirtualThreads.threadOf(continuation);
        if (VirtualThreads.handlerOf(thread) instanceof Runner runner && runner.thread() == thread) {
            executeRunner(runner, continuation);
        } else if (closed) {
            forward(continuation);
        } else {
            enqueue(new GuestNode(continuation), continuation);
        }
    }

    private void executeRunner(Runner runner, Runnable continuation) {
        runner.continuation = continuation;
        Thread carrier = VirtualThreads.currentCarrier();
        if (carrier instanceof Worker worker && worker.capture(runner)) {
            return;
        }
        if (closed) {
            forward(continuation);
        } else if (runner.trySetQueued()) {
            enqueue(runner, continuation);
        }
    }

    private void enqueue(QueueNode node, Runnable continuation) {
        if (VirtualThreads.currentCarrier() instanceof Worker worker && worker.scheduler() == this) {
            int before = worker.enter();
            Core core = worker.core();
            if (core != null) {
                if (worker.isRunning(continuation)) {
                    core.yielded.add(node);
                } else if (before != 0) {
                    // Woken by the driver: to the tail, so that a burst of them keeps its order.
                    pushBack(core, node);
                    idle.notifyOne();
                } else {
                    // To the LIFO slot: it runs next here, on a warm cache; what stood there goes to the ring.
                    if (core.displaced != null) {
                        pushDisplaced(core);
                    }
                    core.displaced = core.lifo;
                    core.lifo = node;
                    if (core.displaced != null) {
                        shareDisplaced(core);
                    }
                }
                worker.leave(before);
                return;
            }
            worker.leave(before);
        }
        inject(node);
    }

    private void shareDisplaced(Core core) {
        pushDisplaced(core);
        idle.notifyOne();
    }

    /** Also finishes a push that ended in a stack overflow, at a point nobody knows. */
    void pushDisplaced(Core core) {
        pushBack(core, Objects.requireNonNull(core.displaced));
        core.displaced = null;
    }

    private void pushBack(Core core, QueueNode node) {
        while (!core.queue.push(node)) {
            int moved = core.queue.moveHalf(injection);
            if (moved == 0) {
                core.add(Core.OVERFLOWS, 1); // a thief is at work; it will make room, but not at once
                reinjected.increment();
                injection.push(node);
                return;
            }
            core.add(Core.OVERFLOWS, moved);
            reinjected.add(moved);
        }
    }

    private void inject(QueueNode node) {
        reinjected.increment();
        push(node);
    }

    private void push(QueueNode node) {
        injection.push(node);
        idle.notifyOne();
        if (closed) {
            drainInjection();
        }
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        if (closed) {
            return VirtualThreads.defaultScheduler().schedule(command, delay, unit);
        }
        long now = clock.nanoTime();
        JdkTimer timer = new JdkTimer(now + unit.toNanos(delay), command);
        register(timer, now);
        return timer;
    }

    private void register(TimerEntry timer, long now) {
        if (VirtualThreads.currentCarrier() instanceof Worker worker && worker.scheduler() == this) {
            int before = worker.enter();
            Core core = worker.core();
            if (core != null) {
                core.timers.register(timer, now);
                worker.leave(before);
                return;
            }
            worker.leave(before);
        }
        Core[] all = cores;
        Core target = all[ThreadLocalRandom.current().nextInt(all.length)];
        if (!target.timers.register(timer, now)) {
            idle.wake(target.retired ? all[0] : target);
        }
        if (target.orphaned) {
            drainOrphan(target);
        }
    }

    // ---- what the runtime calls ------------------------------------------------------------------------------------

    @Override
    public void submit(TaskCell<?> task) {
        if (VirtualThreads.currentCarrier() instanceof Worker worker && worker.scheduler() == this) {
            int before = worker.enter();
            Core core = worker.core();
            if (core != null) {
                if (core.displaced != null) {
                    pushDisplaced(core);
                }
                core.add(Core.SPAWNED, 1);
                if (before != 0) { // spawned by the driver: in the order in which the timers fire
                    pushBack(core, task);
                    idle.notifyOne();
                } else { // nothing is called between the count and the slot
                    core.displaced = core.lifo;
                    core.lifo = task;
                    if (core.displaced != null) {
                        shareDisplaced(core);
                    }
                }
                worker.leave(before);
                return;
            }
            worker.leave(before);
        }
        ledger.spawnedOutside();
        push(task);
    }

    @Override
    public RuntimePort.Alarm schedule(long deadlineNanos, Runnable wake) {
        WakeTimer timer = new WakeTimer(deadlineNanos, wake);
        if (closed) {
            forwardTimer(timer);
        } else {
            register(timer, clock.nanoTime());
        }
        return timer;
    }

    @Override
    public boolean runInline(TaskCell<?> task) {
        return task.host() == host
                && !task.needsOwnThread()
                && task.isQueued()
                && !task.isAtGate()
                && Contexts.current() instanceof Runner runner
                && runner.host() == host
                && runner.deadlineScope() == null
                && runner.runInline(task)
                && endedInline(task);
    }

    private boolean endedInline(TaskCell<?> task) {
        if (VirtualThreads.currentCarrier() instanceof Worker worker && worker.scheduler() == this) {
            worker.taskEndedInline(task);
        } else {
            ledger.endedOutside();
        }
        return true;
    }

    @Override
    public void aboutToBlock() {
        if (VirtualThreads.currentCarrier() instanceof Worker worker && worker.scheduler() == this) {
            worker.giveCoreAway();
        }
    }

    @Override
    public ThreadFactory threadFactory() {
        return VirtualThreads.newBuilder(this)
                .name(config.threadPrefix() + "-thread-", 1)
                .inheritInheritableThreadLocals(false)
                .factory();
    }

    @Override
    public void endedElsewhere() {
        ledger.endedOutside();
    }

    // ---- what workers call -----------------------------------------------------------------------------------------

    /** Takes the oldest injected node for the caller, and some more into its ring. */
    @Nullable QueueNode takeInjected(Core core) {
        if (injection.isEmpty() || !injection.tryLockConsumer()) {
            return null;
        }
        QueueNode first = injection.pop();
        int more = 0;
        if (first != null) {
            int room = Math.min(INJECTION_BATCH, core.queue.room() / 2);
            for (QueueNode node; more < room && (node = injection.pop()) != null; more++) {
                core.queue.push(node);
            }
        }
        boolean left = first != null && (more > 0 || !injection.isEmpty());
        injection.unlockConsumer();
        if (left) {
            idle.leftWork(core);
        }
        return first;
    }

    /** Gives what yielded its place at the ring's tail. */
    void resumeYielded(Core core) {
        if (!core.yielded.isEmpty()) {
            for (QueueNode node; (node = core.yielded.poll()) != null;) {
                pushBack(core, node);
            }
            idle.notifyOne();
        }
    }

    /** Whether anybody could take something from somewhere. */
    boolean hasWork() {
        if (!injection.isEmpty()) {
            return true;
        }
        for (Core core : working) {
            if (!core.queue.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    boolean injectionWaits() {
        return !injection.isEmpty();
    }

    Runner newRunner(boolean oneTaskOnly) {
        Runner runner = new Runner(this, oneTaskOnly);
        runner.register(runners.add(runner));
        return runner;
    }

    /** A thread could not be made or started for a task: the task waits for another try. */
    void notStarted(@Nullable Runner runner, TaskCell<?> task) {
        if (runner != null) {
            runner.abandon();
        }
        if (task.isQueued()) {
            inject(task);
        }
    }

    void forget(Runner runner, int slot) {
        runners.remove(slot);
    }

    @Nullable Worker takeSpare() {
        return spares.take();
    }

    void addSpare(Worker worker) {
        spares.add(worker);
    }

    boolean removeSpare(Worker worker) {
        return spares.remove(worker);
    }

    void spareStarted() {
        liveWorkers.incrementAndGet();
    }

    void spareFailed() {
        liveWorkers.decrementAndGet();
    }

    void workerEnded() {
        liveWorkers.decrementAndGet();
        spares.ended();
    }

    boolean monitorAsleep() {
        return Monitor.isAsleep();
    }

    void wakeMonitor() {
        Monitor.wake();
    }

    private final class Cores implements CoreHost {

        @Override
        public TimeSource clock() {
            return clock;
        }

        @Override
        public Core[] cores() {
            return cores;
        }

        @Override
        public Core[] working() {
            return WorkerScheduler.this.working();
        }

        @Override
        public boolean hasWork() {
            return WorkerScheduler.this.hasWork();
        }

        @Override
        public boolean tryEnter(Core core) {
            if (VirtualThreads.currentCarrier() instanceof Worker worker
                    && worker.scheduler() == WorkerScheduler.this) {
                int before = worker.enter();
                boolean owner = worker.core() == core || hasAdopted(worker, core);
                if (owner) {
                    worker.pushEntry(before);
                } else {
                    worker.leave(before);
                }
                return owner;
            }
            return false; // an orphan's timers are in nobody's hands: what comes goes to its mailbox, see drainOrphan
        }

        private boolean hasAdopted(Worker worker, Core core) {
            Core own = worker.core();
            return own != null && own.index == 0 && core.retired && adopted.contains(core);
        }

        @Override
        public void exit(Core core) {
            if (VirtualThreads.currentCarrier() instanceof Worker worker) {
                worker.leave(worker.popEntry());
            }
        }
    }

    // ---- resize ----------------------------------------------------------------------------------------------------

    @Override
    public synchronized void resize(int workers) {
        Core[] before = cores;
        if (closed || workers == before.length) {
            return;
        }
        Core[] after = Arrays.copyOf(before, workers);
        for (int i = before.length; i < workers; i++) {
            after[i] = new Core(i, coreHost);
            ledger.open(after[i]);
        }
        Core[] added = workers > before.length ? Arrays.copyOfRange(after, before.length, workers) : new Core[0];
        cores = after;
        changeWorking(added, null);
        startWorkers(added);
        Monitor.wake();
        for (int i = workers; i < before.length; i++) {
            before[i].retired = true;
            idle.wake(before[i]);
        }
    }

    /** A few array copies under a lock of its own: workers take it, tasks only in resize, and nobody keeps it. */
    private void changeWorking(Core[] added, @Nullable Core removed) {
        synchronized (workingLock) {
            Core[] before = working;
            Core[] after = new Core[before.length + added.length - (removed == null ? 0 : 1)];
            int n = 0;
            for (Core core : before) {
                if (core != removed) {
                    after[n++] = core;
                }
            }
            System.arraycopy(added, 0, after, n, added.length);
            working = after;
        }
    }

    /** The last act of a retired core's owner: its work goes to the others, its timers to the owner of core 0. */
    void retire(Core core) {
        idle.foundWork(core);
        evacuate(core);
        spares.joined();
        givenUp.add(core);
        changeWorking(new Core[0], core);
        idle.wake(cores[0]);
        if (closed && givenUp.remove(core)) { // nobody adopts any more
            core.timers.drain(this::forwardTimer);
            core.orphaned = true;
            drainOrphan(core);
        }
    }

    private void evacuate(Core core) {
        QueueNode node = core.handoff;
        core.handoff = null;
        while (node != null || (node = core.takeLifo()) != null || (node = core.queue.pop()) != null) {
            inject(node);
            node = null;
        }
        for (Runner runner; (runner = core.takeIdleRunner()) != null;) {
            runner.retireNow();
        }
        for (QueueNode yielded; (yielded = core.yielded.poll()) != null;) {
            inject(yielded);
        }
        // The runners' wakes came back here, through execute().
        while ((node = core.takeLifo()) != null || (node = core.queue.pop()) != null) {
            inject(node);
        }
    }

    void advanceAdopted(Core core, long now, int max) {
        if (core.index != 0) {
            return;
        }
        for (Core given; (given = givenUp.poll()) != null;) {
            adopted.add(given);
        }
        for (int i = 0; i < adopted.size(); i++) {
            adopted.get(i).timers.advance(now, max);
        }
    }

    /** The earliest deadline of a core's own timers and of those it has adopted; publishes each. */
    long nextDeadline(Core core) {
        long earliest = core.timers.nextDeadlineNanos();
        if (core.index == 0) {
            if (!givenUp.isEmpty()) {
                return clock.nanoTime();
            }
            for (int i = 0; i < adopted.size(); i++) {
                var timers = adopted.get(i).timers;
                earliest = earlier(earliest, timers.nextDeadlineNanos());
                if (timers.hasMail()) {
                    return clock.nanoTime();
                }
            }
        }
        return earliest;
    }

    /** Readings of a clock are compared by difference; MAX_VALUE is no reading and means never. */
    private static long earlier(long a, long b) {
        return b == Long.MAX_VALUE || (a != Long.MAX_VALUE && a - b <= 0) ? a : b;
    }

    // ---- close -----------------------------------------------------------------------------------------------------

    @Override
    public boolean close(long timeout, TimeUnit unit) {
        closed = true;
        for (Core core : working) {
            idle.wake(core);
        }
        spares.wakeAll();
        drainInjection();
        long deadline = System.nanoTime() + unit.toNanos(timeout);
        while (liveWorkers.get() > 0 && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(this, 200_000);
            spares.wakeAll();
        }
        Monitor.unregister(this);
        return liveWorkers.get() == 0;
    }

    /** The last act of a core's owner in a closed runtime: everything goes on elsewhere. */
    void abandon(Core core) {
        idle.foundWork(core);
        forwardAll(core);
        core.timers.drain(this::forwardTimer);
        if (core.index == 0) {
            advanceAdopted(core, core.now, 0);
            adopted.forEach(old -> {
                old.timers.drain(this::forwardTimer);
                old.orphaned = true;
            });
        }
        forwardAll(core);
        core.orphaned = true;
        drainOrphan(core);
        drainInjection();
    }

    private void forwardAll(Core core) {
        for (QueueNode yielded; (yielded = core.yielded.poll()) != null;) {
            forward(yielded);
        }
        for (Runner runner; (runner = core.takeIdleRunner()) != null;) {
            runner.retireNow();
        }
        QueueNode node = core.handoff;
        core.handoff = null;
        while (node != null || (node = core.takeLifo()) != null || (node = core.queue.pop()) != null) {
            forward(node);
            node = null;
        }
    }

    /** Timers that were mailed to a core nobody works on. */
    private void drainOrphan(Core core) {
        while (core.timers.hasMail()) {
            if (core.orphanLock.compareAndSet(false, true)) {
                try {
                    core.timers.drain(this::forwardTimer);
                } finally {
                    core.orphanLock.set(false);
                }
            } else {
                Thread.onSpinWait();
            }
        }
    }

    private void drainInjection() {
        while (!injection.isEmpty()) {
            if (injection.tryLockConsumer()) {
                try {
                    for (QueueNode node; (node = injection.pop()) != null;) {
                        forward(node);
                    }
                } finally {
                    injection.unlockConsumer();
                }
            }
            Thread.onSpinWait(); // another drain is at it, or a producer is about to link its node
        }
    }

    private void forward(QueueNode node) {
        if (node instanceof TaskCell<?> task) {
            // Elsewhere: an abort calls whoever waits for the task, and this may be a worker.
            Thread.ofVirtual().name("weft-late-spawn").start(() -> task.abort("the runtime is closed"));
        } else if (node instanceof Runner runner) {
            runner.clearQueued();
            forward(Objects.requireNonNull(runner.continuation));
        } else {
            forward(((GuestNode) node).continuation);
        }
    }

    private void forward(Runnable continuation) {
        forwarded.increment();
        VirtualThreads.defaultScheduler().execute(continuation);
    }

    private void forwardTimer(TimerEntry timer) {
        lateTimers.register(timer);
    }

    // ---- what can be seen ------------------------------------------------------------------------------------------

    @Override
    public boolean isQuiet() {
        return ledger.isBalanced();
    }

    @Override
    public long spawned() {
        return ledger.spawned();
    }

    @Override
    public long completed() {
        return ledger.ended();
    }

    @Override
    public void visit(TaskVisitor visitor) {
        for (Core core : working) {
            if (core.peekLifo() instanceof TaskCell<?> task && task.isQueued()) {
                visitor.queued(task);
            }
            core.queue.peek(node -> {
                if (node instanceof TaskCell<?> task && task.isQueued()) {
                    visitor.queued(task);
                }
            });
        }
        if (injection.tryLockConsumer()) {
            try {
                injection.peek(Integer.MAX_VALUE, node -> {
                    if (node instanceof TaskCell<?> task && task.isQueued()) {
                        visitor.queued(task);
                    }
                });
            } finally {
                injection.unlockConsumer();
                idle.notifyOne();
            }
        }
        runners.forEach(runner -> {
            TaskCell<?> task = runner.task();
            if (task != null) {
                visitor.started(task, runner.thread(), runner.slices, runner.busyNanos, runner.seen(clock));
                runner.forEachLender(lender -> visitor.started(
                        lender, runner.thread(), runner.slices, runner.busyNanos, runner.seen(clock)));
            }
        });
    }

    @Override
    public long injectionDepth() {
        return Math.max(0, ledger.countOfSpawnedOutside() + reinjected.sum() - injection.taken());
    }

    @Override
    public long guests() {
        return ledger.sum(Core.GUESTS);
    }

    @Override
    public long forwarded() {
        return forwarded.sum();
    }

    @Override
    public List<WorkerMetrics> workers() {
        List<WorkerMetrics> all = new ArrayList<>();
        for (Core core : cores) {
            all.add(CoreSnapshot.of(core));
        }
        return all;
    }

    @Override
    public TimerMetrics timers() {
        return ledger.timers();
    }

    @Override
    public List<StallInfo> stalls() {
        return stallLog.latest();
    }

    @Override
    public long stallCount() {
        return stallLog.count();
    }

    @Override
    public long takeovers() {
        return spares.takeovers();
    }

    @Override
    public long takeoversRefused() {
        return spares.refused();
    }

    @Override
    public int spareWorkers() {
        return Math.max(0, liveWorkers.get() - cores.length);
    }
}
