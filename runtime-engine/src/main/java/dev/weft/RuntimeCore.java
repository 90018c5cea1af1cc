/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import dev.weft.clock.TimeSource;
import dev.weft.internal.admission.AdmissionGate;
import dev.weft.internal.admission.AdmissionLimits;
import dev.weft.internal.blocking.BlockingLimits;
import dev.weft.internal.blocking.BlockingPool;
import dev.weft.internal.context.Contexts;
import dev.weft.internal.context.RuntimeHost;
import dev.weft.internal.context.TaskContext;
import dev.weft.internal.scheduler.Scheduler;
import dev.weft.internal.task.CompletionWaiter;
import dev.weft.internal.task.TaskCell;
import dev.weft.task.JoinHandle;
import dev.weft.task.TaskAction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a runtime and how work reaches them. Thread-safe.
 *
 * <p>{@link WeftRuntime} is its public face, {@link ShutdownSequence} its end.
 */
final class RuntimeCore extends RuntimeHost {

    /** Who may still spawn. */
    enum Admittance {
        /** Everybody. */
        ALL,
        /** Tasks of this runtime, which may need children to finish. */
        INSIDE,
        /** Nobody. */
        NONE
    }

    private static final System.Logger LOG = System.getLogger(WeftRuntime.class.getName());

    private final WeftRuntime runtime;
    private final RuntimeConfig config;
    private final TimeSource clock;
    private final @Nullable ClassLoader loader;
    private final UncaughtHandler uncaughtHandler;
    private final TaskObservers observers;
    private final Scheduler scheduler;
    private final BlockingPool blocking;
    private final AdmissionGate gate;
    private final Keeper keeper;

    private final LongAdder failed = new LongAdder();
    private final LongAdder aborted = new LongAdder();
    private final LongAdder discarded = new LongAdder();
    private final LongAdder unscheduled = new LongAdder();
    private final LongAdder refused = new LongAdder();

    /** Commands of the executor views whose time has not come, or which come again. */
    private final Set<ScheduledTask<?>> waiting = ConcurrentHashMap.newKeySet();

    private volatile Admittance admittance = Admittance.ALL;

    @SuppressWarnings("this-escape") // the parts only keep the reference
    RuntimeCore(
            WeftRuntime runtime,
            RuntimeConfig config,
            WeftRuntime.Builder builder,
            Function<RuntimeHost, Scheduler> scheduler) {
        this.runtime = runtime;
        this.config = config;
        this.clock = builder.timeSource;
        this.loader = builder.contextClassLoader;
        this.uncaughtHandler = builder.uncaughtHandler;
        this.observers = new TaskObservers(builder.listeners, clock);
        String prefix = "weft-" + config.name();
        this.blocking = new BlockingPool(
                "main",
                prefix + "-blocking-",
                this,
                new BlockingLimits(
                        config.blockingMaxThreads(),
                        config.blockingKeepAlive(),
                        config.blockingQueueCapacity(),
                        config.blockingWhenFull(),
                        config.blockingWaitTimeout()));
        this.gate = new AdmissionGate(
                this,
                new AdmissionLimits(
                        config.maxConcurrentTasks(), config.queueCapacity(), config.whenFull(), config.waitTimeout()),
                this::admitted);
        this.keeper = new Keeper(prefix, config.keepAlive(), () -> !isQuiet());
        this.scheduler = scheduler.apply(this);
    }

    WeftRuntime runtime() {
        return runtime;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    BlockingPool blocking() {
        return blocking;
    }

    AdmissionGate gate() {
        return gate;
    }

    Keeper keeper() {
        return keeper;
    }

    // ---- spawning --------------------------------------------------------------------------------------------------

    static Callable<@Nullable Void> callable(TaskAction body) {
        Objects.requireNonNull(body, "body");
        return () -> {
            body.run();
            return null;
        };
    }

    <T extends @Nullable Object> TaskCell<T> newTask(Callable<? extends T> body) {
        Objects.requireNonNull(body, "body");
        return new TaskCell<>(this, body, loaderForTasks());
    }

    <T extends @Nullable Object> TaskCell<T> newTask(Callable<? extends T> body, @Nullable ClassLoader taskLoader) {
        return new TaskCell<>(this, body, taskLoader);
    }

    /** Returns the context class loader that a task spawned here and now will see. */
    @Nullable ClassLoader loaderForTasks() {
        ClassLoader own = loader;
        return own != null ? own : Thread.currentThread().getContextClassLoader();
    }

    JoinHandle<@Nullable Void> spawn(TaskAction body) {
        Objects.requireNonNull(body, "body");
        return submit(new TaskCell<@Nullable Void>(this, body, loaderForTasks()));
    }

    <T extends @Nullable Object> JoinHandle<T> spawn(Callable<? extends T> body) {
        return submit(newTask(body));
    }

    <T extends @Nullable Object> JoinHandle<T> spawnBlocking(Callable<? extends T> body) {
        return submitBlocking(newTask(body));
    }

    /** Sends a new task on its way. One that comes too late is aborted, and its handle says so. */
    <T extends @Nullable Object> TaskCell<T> submit(TaskCell<T> task) {
        observers.spawned(task);
        if (admittance == Admittance.ALL && gate.isOpen()) {
            scheduler.submit(task);
            keeper.workCame();
        } else {
            submitSlowly(task);
        }
        return task;
    }

    /**
     * Sends a task on its way from a timer. On a worker outside of a task, so nothing may block or call user code here:
     * it does not pass the gate, and listeners hear of it when it starts.
     */
    void submitFromTimer(TaskCell<?> task) {
        observers.spawnedByTimer(task);
        if (admittance == Admittance.NONE) {
            refuse(task);
        } else {
            scheduler.submit(task);
        }
    }

    private void submitSlowly(TaskCell<?> task) {
        boolean inside = isInside();
        if (isRefused(inside)) {
            refuse(task);
            return;
        }
        if (inside || gate.isOpen()) { // a task that waits for its child must not wait for the gate
            scheduler.submit(task);
        } else {
            task.gated();
            admit(task);
        }
        keeper.workCame();
    }

    private void admit(TaskCell<?> task) {
        try {
            gate.admit(task);
        } catch (RejectedExecutionException e) {
            task.abort("rejected: " + e.getMessage());
            throw e;
        }
    }

    private void admitted(TaskCell<?> task) {
        if (task.admitted()) {
            scheduler.submit(task);
        }
    }

    <T extends @Nullable Object> TaskCell<T> submitBlocking(TaskCell<T> task) {
        task.blocking();
        observers.spawned(task);
        if (admittance != Admittance.ALL && isRefused(isInside())) {
            refuse(task);
            return task;
        }
        try {
            blocking.submit(task);
            keeper.workCame();
        } catch (RejectedExecutionException e) {
            task.abort("rejected: " + e.getMessage());
            if (admittance != Admittance.NONE) {
                throw e;
            }
        }
        return task;
    }

    private boolean isRefused(boolean inside) {
        Admittance now = admittance;
        return now == Admittance.NONE || (now == Admittance.INSIDE && !inside);
    }

    private void refuse(TaskCell<?> task) {
        refused.increment();
        task.gated(); // no scheduler has seen it
        task.abort("runtime '" + config.name() + "' is shutting down");
    }

    /** Whether the caller is a task of this runtime. */
    boolean isInside() {
        TaskContext context = Contexts.current();
        return context != null && context.host() == this && context.task() != null;
    }

    void admittance(Admittance admittance) {
        this.admittance = admittance;
    }

    boolean acceptsFromOutside() {
        return admittance == Admittance.ALL;
    }

    void waiting(ScheduledTask<?> command) {
        waiting.add(command);
    }

    void waitsNoMore(ScheduledTask<?> command) {
        waiting.remove(command);
    }

    /**
     * Drops commands whose time will find nobody to run them. Their futures say so at once, and their timers, which
     * outlive the runtime, do not keep the application for as long as it takes.
     */
    void dropWaiting() {
        new ArrayList<>(waiting).forEach(ScheduledTask::drop);
    }

    void aboutToBlock() {
        scheduler.aboutToBlock();
    }

    // ---- what tasks report -----------------------------------------------------------------------------------------

    @Override
    protected void endedUnstarted(TaskCell<?> task, boolean neverScheduled) {
        discarded.increment();
        if (neverScheduled) {
            unscheduled.increment();
        } else {
            scheduler.endedElsewhere();
        }
        observers.discarded(task);
    }

    @Override
    protected void endedBadly(TaskCell<?> task, boolean wasAborted) {
        (wasAborted ? aborted : failed).increment();
    }

    @Override
    protected void uncaught(long taskId, @Nullable String taskName, Throwable failure) {
        try {
            uncaughtHandler.uncaught(runtime, taskId, taskName, failure);
        } catch (Throwable e) {
            e.addSuppressed(failure);
            LOG.log(System.Logger.Level.ERROR, "Weft: the uncaught handler of '" + config.name() + "' threw", e);
        }
    }

    long failed() {
        return failed.sum();
    }

    long aborted() {
        return aborted.sum();
    }

    long discarded() {
        return discarded.sum();
    }

    /** Those among the discarded that no scheduler has seen: neither its spawned tasks nor its ended ones hold them. */
    long unscheduled() {
        return unscheduled.sum();
    }

    /** Those among the unscheduled that came too late. */
    long refused() {
        return refused.sum();
    }

    /** Whether nothing lives: no task anywhere, no blocking job. */
    boolean isQuiet() {
        // If nothing was spawned since before the scheduler was seen quiet, it is quiet still when the pool is seen idle;
        // otherwise a job could have spawned a task in between, and ended.
        long before = scheduler.spawned();
        return gate.isEmpty() && scheduler.isQuiet() && blocking.isIdle() && scheduler.spawned() == before;
    }

    // ---- the port --------------------------------------------------------------------------------------------------

    @Override
    public TimeSource clock() {
        return clock;
    }

    @Override
    public <T extends @Nullable Object> Future<T> spawn(
            Callable<? extends T> body, @Nullable String name, Map<String, String> tags) {
        TaskCell<T> task = newTask(body);
        if (name != null || !tags.isEmpty()) {
            task.describe(name, tags);
        }
        return submit(task);
    }

    @Override
    public boolean runInline(Future<?> task) {
        return task instanceof TaskCell<?> cell && scheduler.runInline(cell);
    }

    @Override
    public void whenDone(Future<?> task, Runnable told) {
        if (!((TaskCell<?>) task).addWaiter(new Told(told))) {
            told.run();
        }
    }

    private static final class Told extends CompletionWaiter {
        private final Runnable told;

        Told(Runnable told) {
            this.told = told;
        }

        @Override
        protected void completed(TaskCell<?> task) {
            told.run();
        }
    }

    @Override
    public Alarm schedule(long deadlineNanos, Runnable wake) {
        return scheduler.schedule(deadlineNanos, wake);
    }

    @Override
    public Duration abortPeriod() {
        return config.shutdownAbortPeriod();
    }

    boolean closeScheduler(Duration limit) {
        return scheduler.close(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public String toString() {
        return "runtime '" + config.name() + "'";
    }
}
