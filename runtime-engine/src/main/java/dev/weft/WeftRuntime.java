/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import dev.weft.clock.TimeSource;
import dev.weft.internal.context.Contexts;
import dev.weft.internal.context.ForeignContext;
import dev.weft.internal.context.TaskContext;
import dev.weft.internal.jdk.PollerPlacement;
import dev.weft.metrics.RuntimeMetrics;
import dev.weft.metrics.StallInfo;
import dev.weft.metrics.TaskInfo;
import dev.weft.scope.JoinSet;
import dev.weft.task.JoinHandle;
import dev.weft.task.Op;
import dev.weft.task.TaskAction;
import dev.weft.task.TaskFailedException;
import dev.weft.task.WhenFull;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * An asynchronous runtime: many tasks, written in plain blocking style, on few threads.
 *
 * <p>Thread-safe. Threads are daemons, but a runtime keeps the JVM alive while tasks live, unless built otherwise
 * ({@link Builder#keepAlive}). It should be closed; {@link #close()} waits for its tasks, at most for the configured
 * periods.
 *
 * <p>Spawning never blocks while the runtime has no limit ({@link Builder#maxConcurrentTasks}). A task spawned after
 * {@link #shutdown} has begun is returned already cancelled, except by a task of this runtime while it drains.
 */
public final class WeftRuntime implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(WeftRuntime.class.getName());

    /** How soon a wait for quiet notices an interrupt. */
    private static final Duration AWAIT_SLICE = Duration.ofMillis(20);

    private final RuntimeConfig config;
    private final ModeChoice mode;
    private final RuntimeCore core;
    private final ShutdownSequence shutdown;
    private final long createdNanos = System.nanoTime();

    private WeftRuntime(Builder builder, RuntimeConfig config) {
        this.config = config;
        this.mode = ModeChoice.of(config.requestedMode());
        this.core = makeCore(builder);
        this.shutdown = new ShutdownSequence(core);
    }

    @SuppressWarnings("this-escape") // the core hands the reference to uncaught handlers only
    private RuntimeCore makeCore(Builder builder) {
        Contexts.install();
        return new RuntimeCore(this, config, builder, host -> mode.startScheduler(host, config, builder.timeSource));
    }

    /** Creates a runtime with defaults. */
    public static WeftRuntime create() {
        return builder().build();
    }

    /** Begins to describe a runtime. */
    public static Builder builder() {
        return new Builder();
    }

    // ---- what it is ------------------------------------------------------------------------------------------------

    /** Returns the name, which its threads, meters and messages carry. */
    public String name() {
        return config.name();
    }

    /** Returns {@link Mode#DEDICATED} or {@link Mode#SHARED}. */
    public Mode mode() {
        return mode.mode();
    }

    /** Returns why the runtime is in this mode. */
    public String modeReason() {
        return mode.reason();
    }

    /**
     * Returns what to add to how this JVM is started to get dedicated mode; nothing in dedicated mode, where shared mode
     * was asked for, and where it is added and something else is wrong, see {@link #modeReason}.
     */
    public Optional<String> dedicatedRecipe() {
        return mode.recipe();
    }

    /** Returns where the JDK's socket pollers run: {@code jdk}, {@code weft}, or why that is not known. */
    public String socketPollers() {
        return PollerPlacement.placed();
    }

    /** Returns how it was built. */
    public RuntimeConfig config() {
        return config;
    }

    /** Where a runtime is in its life. */
    public enum State {
        /** It takes work. */
        RUNNING,
        /** It takes work from its own tasks only, and waits for them to end. */
        DRAINING,
        /** It takes no work and aborts what is left. */
        CLOSING,
        /** It has ended. */
        CLOSED;

        /** Returns the name as endpoints and metrics spell it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Returns where it is in its life. */
    public State state() {
        return shutdown.state();
    }

    // ---- spawning --------------------------------------------------------------------------------------------------

    /**
     * Spawns a task that returns a value.
     *
     * <p>The body runs on a virtual thread that it has for itself from start to end, with the caller's context class
     * loader and none of the caller's thread-locals. It may block in any way; code that blocks without suspending
     * (native calls, CPU loops) belongs into {@link #spawnBlocking(Callable)}.
     *
     * <p>A method reference to a method that has a value and a void overload is ambiguous here; use a lambda. A
     * {@link Runnable} in a variable is passed as {@code r::run}.
     *
     * @return the handle; dropping it detaches the task and cancels nothing
     * @throws java.util.concurrent.RejectedExecutionException when the runtime is limited, its queue is full, and the
     *     policy or the wait timeout says so
     */
    public <T extends @Nullable Object> JoinHandle<T> spawn(Callable<? extends T> body) {
        return core.spawn(body);
    }

    /** Spawns a task without a value; otherwise as {@link #spawn(Callable)}. */
    public JoinHandle<@Nullable Void> spawn(TaskAction body) {
        return core.spawn(body);
    }

    /**
     * Runs blocking or CPU-bound work on a platform thread of the blocking pool. The handle is like any task's; once
     * started, an abort is an interrupt, which the body may ignore.
     *
     * @throws java.util.concurrent.RejectedExecutionException when the pool's queue is full and the policy or the wait
     *     timeout says so
     */
    public <T extends @Nullable Object> JoinHandle<T> spawnBlocking(Callable<? extends T> body) {
        return core.spawnBlocking(body);
    }

    /** Runs blocking work without a value; otherwise as {@link #spawnBlocking(Callable)}. */
    public JoinHandle<@Nullable Void> spawnBlocking(TaskAction body) {
        return core.spawnBlocking(RuntimeCore.callable(body));
    }

    /** Begins the description of a task with a name. */
    public TaskBuilder named(String name) {
        return new TaskBuilder(core, name);
    }

    /**
     * Runs a task and waits for it; the way into a runtime from {@code main} and tests.
     *
     * @return what the body returned
     * @throws X what the body threw
     * @throws InterruptedException when the caller was interrupted; the task is then aborted
     * @throws IllegalStateException inside a task of this runtime, where it would waste the waiting task: call the body
     *     directly, or spawn and join
     */
    public <R extends @Nullable Object, X extends Exception> R blockOn(Op<R, X> body) throws X, InterruptedException {
        if (core.isInside()) {
            throw new IllegalStateException("blockOn was called inside a task of the same runtime '" + name()
                    + "'. Call the body directly, or Task.spawn(..) and join the handle");
        }
        Callable<R> call = body::run;
        JoinHandle<R> task = core.spawn(call);
        try {
            return task.join();
        } catch (TaskFailedException e) {
            throw WeftRuntime.<X>asThrown(e);
        } catch (InterruptedException e) {
            task.abort("the caller of blockOn was interrupted");
            throw e;
        }
    }

    /** Runs a task without a value and waits for it; otherwise as {@link #blockOn(Op)}. */
    public <X extends Exception> void blockOn(Op.Void<X> body) throws X, InterruptedException {
        Op<@Nullable Object, X> op = () -> {
            body.run();
            return null;
        };
        blockOn(op);
    }

    /** The body's own exception, which its type parameter promised, with the caller's place in the trace. */
    @SuppressWarnings("unchecked")
    private static <X extends Exception> X asThrown(TaskFailedException e) {
        Throwable cause = Objects.requireNonNull(e.getCause());
        if (cause instanceof Error error) {
            throw error;
        }
        return (X) cause;
    }

    /** Opens a set of tasks of this runtime that are joined together; see {@link JoinSet#open()}. */
    public <T extends @Nullable Object> JoinSet<T> joinSet() {
        try (var entered = enter()) {
            assert entered != null;
            return JoinSet.open();
        }
    }

    /** Makes the calling thread's {@link Task} calls go to this runtime until the result is closed. */
    public Entered enter() {
        TaskContext context = Contexts.current();
        return context == null || context.task() == null
                ? Entered.foreign(new ForeignContext(core))
                : Entered.redirected(context, core);
    }

    // ---- views -----------------------------------------------------------------------------------------------------

    /**
     * Returns a new executor that spawns a task for each command.
     *
     * <p>Shutting it down makes it refuse work, aborts its tasks for {@code shutdownNow}, and leaves the runtime alone.
     * It throws {@link java.util.concurrent.RejectedExecutionException} once it or the runtime is shut down. A command
     * given to {@code execute} has no handle: its exception goes to the uncaught handler.
     */
    public ExecutorService asExecutorService() {
        return new TaskExecutorService(core);
    }

    /**
     * Returns a new executor that spawns a task for each command when its time has come, on this runtime's timers.
     *
     * <p>Like {@link #asExecutorService()}. Periodic commands never run twice at once; one that throws is not run again.
     * A shutdown, its own or the runtime's, drops commands whose time has not come.
     */
    public ScheduledExecutorService asScheduledExecutorService() {
        return new ScheduledTaskExecutorService(core);
    }

    /** Returns a factory of ordinary virtual threads, one for each body, that run where this runtime's tasks run. */
    public ThreadFactory threadFactory() {
        return core.scheduler().threadFactory();
    }

    // ---- looking ---------------------------------------------------------------------------------------------------

    /** Counts everything. Takes no lock that a task could wait for long. */
    public RuntimeMetrics metrics() {
        var scheduler = core.scheduler();
        var blocking = core.blocking().metrics();
        long completed = scheduler.completed();
        long spawned = scheduler.spawned(); // read after the ends, so it is the larger
        return new RuntimeMetrics(
                name(),
                mode().toString(),
                state().toString(),
                Duration.ofNanos(System.nanoTime() - createdNanos),
                spawned,
                completed,
                spawned - completed,
                core.aborted(),
                core.failed(),
                scheduler.injectionDepth(),
                scheduler.guests(),
                scheduler.forwarded(),
                scheduler.workers(),
                scheduler.spareWorkers(),
                config.maxSpareWorkers(),
                scheduler.takeovers(),
                scheduler.takeoversRefused(),
                scheduler.stallCount(),
                scheduler.timers(),
                Map.of("main", blocking),
                core.gate().metrics());
    }

    /** Returns the last stalls, the latest first. Empty in shared mode, which cannot see them. */
    public List<StallInfo> stalls() {
        return core.scheduler().stalls();
    }

    /**
     * Lists live tasks: queued, running, suspended, at the admission gate, on a submitter that had to run its own, and in
     * the blocking pool.
     *
     * @param withStacks whether to read the stacks, which costs for each task
     * @param limit how many at most
     */
    public List<TaskInfo> tasks(boolean withStacks, int limit) {
        return new LiveTasks(core).list(withStacks, limit);
    }

    /** Finds a live task, with its stack. */
    public Optional<TaskInfo> task(long id) {
        return new LiveTasks(core).find(id);
    }

    // ---- acting ----------------------------------------------------------------------------------------------------

    /** Aborts a live task by its id. False when there is none with that id. */
    public boolean abort(long taskId, String reason) {
        return new LiveTasks(core).abort(taskId, reason);
    }

    /** Aborts every live task and returns how many there were. The runtime goes on. */
    public int abortAll(String reason) {
        return new LiveTasks(core).abortAll(reason);
    }

    /**
     * Changes the number of workers. Running tasks are not disturbed.
     *
     * @throws UnsupportedOperationException in shared mode
     */
    public void resizeWorkers(int workers) {
        if (mode() != Mode.DEDICATED) {
            throw new UnsupportedOperationException("the number of workers can be changed in dedicated mode only. "
                    + dedicatedRecipe().map(line -> "To get it: " + line)
                            .orElse("This one is in shared mode, " + modeReason()));
        }
        Builder.inRange("workers", workers, 1, Builder.MAX_WORKERS);
        core.scheduler().resize(workers);
    }

    /** Changes how many tasks from outside may be under way at once; 0 means no limit. */
    public void maxConcurrentTasks(int tasks) {
        core.gate().maxConcurrentTasks(tasks);
    }

    /** Changes how many tasks may queue for admission; 0 means unbounded. */
    public void queueCapacity(int tasks) {
        core.gate().queueCapacity(tasks);
    }

    /** Changes how long a submitter waits for room in that queue. */
    public void waitTimeout(Duration timeout) {
        core.gate().waitTimeout(timeout);
    }

    /** Changes how many threads the blocking pool may have. */
    public void resizeBlocking(int maxThreads) {
        core.blocking().resize(maxThreads);
    }

    /** Changes how long the blocking pool keeps idle threads. */
    public void blockingKeepAlive(Duration keepAlive) {
        core.blocking().keepAlive(keepAlive);
    }

    /** Changes how many jobs may queue for the blocking pool; 0 means unbounded. */
    public void blockingQueueCapacity(int jobs) {
        core.blocking().queueCapacity(jobs);
    }

    // ---- ending ----------------------------------------------------------------------------------------------------

    /**
     * Waits until nothing lives, without refusing anything.
     *
     * @return false when the time was up first
     */
    public boolean awaitQuiet(Duration limit) throws InterruptedException {
        Duration bounded = limit.compareTo(Builder.LONGEST) < 0 ? limit : Builder.LONGEST;
        long deadline = System.nanoTime() + (bounded.isNegative() ? 0 : bounded.toNanos());
        while (!shutdown.awaitQuiet(AWAIT_SLICE)) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Ends the runtime: refuses work from outside and waits for tasks, at most {@code grace}; then refuses all work,
     * aborts what is left and waits at most {@code abort}; then stops the workers. Tasks that do not end by then go on
     * on the JDK's scheduler and are named in the report. Called again, it returns the same report.
     *
     * <p>Blocks the caller, whose interruption does not shorten it.
     *
     * @throws IllegalStateException inside a task of this runtime
     */
    public ShutdownReport shutdown(Duration grace, Duration abort) {
        Builder.notNegative("grace", grace);
        Builder.notNegative("abort", abort);
        return shutdown.run(grace, abort);
    }

    /** Ends the runtime within the configured periods. */
    public ShutdownReport shutdown() {
        return shutdown(config.shutdownGracePeriod(), config.shutdownAbortPeriod());
    }

    /** Ends the runtime within the configured periods, and logs the report if something survived. */
    @Override
    public void close() {
        boolean first = state() == State.RUNNING;
        ShutdownReport report = shutdown();
        if (first && !report.isClean()) {
            LOG.log(System.Logger.Level.WARNING, "Weft: " + report);
        }
    }

    @Override
    public String toString() {
        return "WeftRuntime[" + name() + ", " + mode() + ", " + state() + "]";
    }

    // ---- building --------------------------------------------------------------------------------------------------

    /** Describes a runtime. Not thread-safe. Values are checked by {@link #build()}. */
    public static final class Builder {

        static final int MAX_WORKERS = 1024;
        private static final int MAX_SPARES = 10_000;
        private static final Duration LONGEST = Duration.ofDays(365);

        private String name = "main";
        private Mode mode = Mode.AUTO;
        private int workerThreads = Runtime.getRuntime().availableProcessors();
        private Duration stallThreshold = Duration.ofMillis(10);
        private int maxSpareWorkers = -1;
        private int maxConcurrentTasks;
        private int queueCapacity = 10_000;
        private Duration waitTimeout = Duration.ofSeconds(30);
        private WhenFull whenFull = WhenFull.WAIT;
        private int blockingMaxThreads = 512;
        private Duration blockingKeepAlive = Duration.ofSeconds(10);
        private int blockingQueueCapacity = 10_000;
        private WhenFull blockingWhenFull = WhenFull.WAIT;
        private Duration blockingWaitTimeout = Duration.ofSeconds(30);
        private Duration shutdownGracePeriod = Duration.ofSeconds(20);
        private Duration shutdownAbortPeriod = Duration.ofSeconds(5);
        private KeepAlive keepAlive = KeepAlive.WHILE_TASKS_LIVE;
        private SocketPollers socketPollers = SocketPollers.JDK;

        final List<TaskListener> listeners = new ArrayList<>();
        UncaughtHandler uncaughtHandler = UncaughtHandler.LOG;
        @Nullable ClassLoader contextClassLoader;
        TimeSource timeSource = TimeSource.system();

        private Builder() {}

        /** Names the runtime: letters, digits, dots, dashes and underscores. Default {@code main}. */
        public Builder name(String name) {
            this.name = Objects.requireNonNull(name, "name");
            return this;
        }

        /** Chooses whose workers run the tasks. Default {@link Mode#AUTO}. */
        public Builder mode(Mode mode) {
            this.mode = Objects.requireNonNull(mode, "mode");
            return this;
        }

        /** Sets the number of workers, from 1 to 1024. Default: the processors this JVM may use. */
        public Builder workerThreads(int workers) {
            this.workerThreads = workers;
            return this;
        }

        /** Sets how long a task may keep its worker before that counts as a stall: 1 ms to 1 minute. Default 10 ms. */
        public Builder stallThreshold(Duration threshold) {
            this.stallThreshold = Objects.requireNonNull(threshold, "stallThreshold");
            return this;
        }

        /** Sets how many workers may take over from stalled ones, 0 for none. Default four for each worker, at least 8. */
        public Builder maxSpareWorkers(int workers) {
            inRange("maxSpareWorkers", workers, 0, MAX_SPARES);
            this.maxSpareWorkers = workers;
            return this;
        }

        /**
         * Limits how many tasks that were spawned from outside may be under way at once; more of them queue, first come
         * first served. Children of tasks are not counted: a parent that waits for them must not keep them out. 0, the
         * default, means no limit.
         */
        public Builder maxConcurrentTasks(int tasks) {
            this.maxConcurrentTasks = tasks;
            return this;
        }

        /** Sets how many tasks may queue when the limit is reached; 0 means unbounded. Default 10000. */
        public Builder queueCapacity(int tasks) {
            this.queueCapacity = tasks;
            return this;
        }

        /** Sets how long a submitter waits for room in a full queue. Default 30 s. */
        public Builder waitTimeout(Duration timeout) {
            this.waitTimeout = Objects.requireNonNull(timeout, "waitTimeout");
            return this;
        }

        /** Sets what happens to a task that finds the queue full. Default {@link WhenFull#WAIT}. */
        public Builder whenFull(WhenFull policy) {
            this.whenFull = Objects.requireNonNull(policy, "whenFull");
            return this;
        }

        /** Sets how many threads the blocking pool may have. Default 512. */
        public Builder blockingMaxThreads(int threads) {
            this.blockingMaxThreads = threads;
            return this;
        }

        /** Sets how long the blocking pool keeps an idle thread. Default 10 s. */
        public Builder blockingKeepAlive(Duration keepAlive) {
            this.blockingKeepAlive = Objects.requireNonNull(keepAlive, "blockingKeepAlive");
            return this;
        }

        /** Sets how many jobs may queue for the blocking pool; 0 means unbounded. Default 10000. */
        public Builder blockingQueueCapacity(int jobs) {
            this.blockingQueueCapacity = jobs;
            return this;
        }

        /** Sets what happens to a job that finds the pool's queue full. Default {@link WhenFull#WAIT}. */
        public Builder blockingWhenFull(WhenFull policy) {
            this.blockingWhenFull = Objects.requireNonNull(policy, "blockingWhenFull");
            return this;
        }

        /** Sets how long a submitter waits for room in the pool's queue. Default 30 s. */
        public Builder blockingWaitTimeout(Duration timeout) {
            this.blockingWaitTimeout = Objects.requireNonNull(timeout, "blockingWaitTimeout");
            return this;
        }

        /** Sets how long {@link WeftRuntime#close()} waits for tasks before it aborts them. Default 20 s. */
        public Builder shutdownGracePeriod(Duration period) {
            this.shutdownGracePeriod = Objects.requireNonNull(period, "shutdownGracePeriod");
            return this;
        }

        /** Sets how long aborted tasks are waited for. Default 5 s. */
        public Builder shutdownAbortPeriod(Duration period) {
            this.shutdownAbortPeriod = Objects.requireNonNull(period, "shutdownAbortPeriod");
            return this;
        }

        /** Sets whether the runtime keeps the JVM from exiting. Default {@link KeepAlive#WHILE_TASKS_LIVE}. */
        public Builder keepAlive(KeepAlive keepAlive) {
            this.keepAlive = Objects.requireNonNull(keepAlive, "keepAlive");
            return this;
        }

        /** Sets where the JDK's socket pollers run. Dedicated mode only. Default {@link SocketPollers#JDK}. */
        public Builder socketPollers(SocketPollers pollers) {
            this.socketPollers = Objects.requireNonNull(pollers, "socketPollers");
            return this;
        }

        /** Adds a listener of each task's way. None by default. */
        public Builder taskListener(TaskListener listener) {
            listeners.add(Objects.requireNonNull(listener, "taskListener"));
            return this;
        }

        /** Sets who is told of failures that nobody asks for. Default {@link UncaughtHandler#LOG}. */
        public Builder uncaughtHandler(UncaughtHandler handler) {
            this.uncaughtHandler = Objects.requireNonNull(handler, "uncaughtHandler");
            return this;
        }

        /** Sets the context class loader that every task sees. Default: that of whoever spawns it. */
        public Builder contextClassLoader(ClassLoader loader) {
            this.contextClassLoader = Objects.requireNonNull(loader, "contextClassLoader");
            return this;
        }

        /** Sets the clock. Parks of the JDK, such as {@link Thread#sleep(long)}, are timed by it too. */
        public Builder timeSource(TimeSource clock) {
            this.timeSource = Objects.requireNonNull(clock, "timeSource");
            return this;
        }

        /**
         * Starts the runtime.
         *
         * @throws IllegalArgumentException naming the value, its range and the method
         * @throws DedicatedModeUnavailableException when dedicated mode was asked for and this JVM does not allow it
         */
        public WeftRuntime build() {
            if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
                throw new IllegalArgumentException("name is '" + name + "', but must be 1 to 64 letters, digits, dots,"
                        + " dashes and underscores, beginning with a letter or digit");
            }
            inRange("workerThreads", workerThreads, 1, MAX_WORKERS);
            inRange("stallThreshold", stallThreshold, Duration.ofMillis(1), Duration.ofMinutes(1));
            notNegative("shutdownGracePeriod", shutdownGracePeriod);
            notNegative("shutdownAbortPeriod", shutdownAbortPeriod);
            int spares = maxSpareWorkers >= 0 ? maxSpareWorkers : Math.max(8, 4 * workerThreads);
            return new WeftRuntime(
                    this,
                    new RuntimeConfig(
                            name,
                            mode,
                            workerThreads,
                            stallThreshold,
                            spares,
                            maxConcurrentTasks,
                            queueCapacity,
                            waitTimeout,
                            whenFull,
                            blockingMaxThreads,
                            blockingKeepAlive,
                            blockingQueueCapacity,
                            blockingWhenFull,
                            blockingWaitTimeout,
                            shutdownGracePeriod,
                            shutdownAbortPeriod,
                            keepAlive,
                            socketPollers));
        }

        static void inRange(String what, int value, int least, int most) {
            if (value < least || value > most) {
                throw new IllegalArgumentException(
                        what + " is " + value + ", but must be between " + least + " and " + most);
            }
        }

        static void inRange(String what, Duration value, Duration least, Duration most) {
            if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
                throw new IllegalArgumentException(
                        what + " is " + value + ", but must be between " + least + " and " + most);
            }
        }

        static void notNegative(String what, Duration value) {
            Objects.requireNonNull(value, what);
            inRange(what, value, Duration.ZERO, LONGEST);
        }
    }
}
