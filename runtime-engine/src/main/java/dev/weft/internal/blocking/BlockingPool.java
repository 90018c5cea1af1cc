/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.blocking;

import dev.weft.internal.blocking.Job.Place;
import dev.weft.internal.context.Contexts;
import dev.weft.internal.context.RuntimeHost;
import dev.weft.internal.port.Ports;
import dev.weft.internal.task.TaskCell;
import dev.weft.metrics.BlockingPoolMetrics;
import dev.weft.task.WhenFull;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Platform threads for work that would hold a worker.
 *
 * <p>Thread-safe. {@link #submit} blocks only under {@link WhenFull#WAIT}; a virtual thread that waits there suspends.
 * An abort of a job that has not started keeps it from ever running and frees its place; one that runs is interrupted.
 * After {@link #shutdown()} what was accepted still runs; {@link #interruptAll} asks it to stop.
 */
public final class BlockingPool {

    /*
     * One lock guards the queue, the threads' states (see Crew) and all counts. User code never runs under it, and the
     * loop of a scheduler worker never waits for it: a worker comes here only to abort, which is the lock-free way below.
     *
     * Invariant, whenever the lock is free:
     *
     *   jobs are queued  implies  a thread is coming, or no thread is idle and none can be started
     *
     * A coming thread takes one job and, before it runs it, has the next thread come if jobs are left. So each queued job
     * is reached: over the chain of coming threads, or by a busy thread, which looks at the queue when its job ends.
     * Whatever may break the invariant ends with settle(): a submission, an arrival, a thread that leaves, a new limit.
     *
     * Two rejected ways. One call for each job: a burst of short jobs then wakes more threads than can run, and all of
     * them meet at the lock. A job handed straight to an idle thread, over a slot: it waits until that very thread is
     * awake, even when another one ends its job and could take it at once.
     *
     * Room: a job counts against the capacity only when no thread is coming, idle or startable for it. Submitters that
     * wait for room stand in a second queue; whoever makes room moves the oldest one's job, so nobody can overtake. Hence:
     * somebody waits for room implies that there is none.
     *
     * A thread that the system refuses is no reason to refuse the job while another thread exists: that one is not idle,
     * so it looks at the queue before it parks or leaves.
     *
     * Abort: the aborter may be a worker in its loop, which must not wait behind a virtual thread that in turn needs a
     * worker to go on. It pushes the job on a stack and tries the lock. Either it gets it, or the holder's unlock comes
     * after its failed attempt and finds the stack non-empty.
     */

    private final String name;
    private final RuntimeHost host;

    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicReference<@Nullable Job> aborted = new AtomicReference<>();
    private final CountDownLatch terminated = new CountDownLatch(1);

    // written under the lock
    private volatile BlockingLimits limits;
    private volatile long keepAliveNanos;

    // guarded by the lock
    private final JobQueue queue = new JobQueue();
    private final JobQueue waiting = new JobQueue();
    private final Crew crew;
    private final Map<TaskCell<?>, Thread> onCallers = new LinkedHashMap<>();
    private final PoolCounters counters = new PoolCounters();
    private boolean shutdown;

    /**
     * Makes a pool without threads.
     *
     * @param name what messages and metrics call it
     * @param threadPrefix what the names of its threads begin with, before their number
     */
    public BlockingPool(String name, String threadPrefix, RuntimeHost host, BlockingLimits limits) {
        this(name, threadPrefix, host, limits, Thread::start);
    }

    BlockingPool(String name, String threadPrefix, RuntimeHost host, BlockingLimits limits, ThreadStarter starter) {
        this.name = Objects.requireNonNull(name, "name");
        this.host = Objects.requireNonNull(host, "host");
        this.limits = Objects.requireNonNull(limits, "limits");
        this.keepAliveNanos = limits.keepAlive().toNanos();
        this.crew = new Crew(this, host, Objects.requireNonNull(threadPrefix, "threadPrefix"), starter);
    }

    long keepAliveNanos() {
        return keepAliveNanos;
    }

    // ---- submitting ------------------------------------------------------------------------------------------------

    /**
     * Has a job run, once, on one of the pool's threads. A job that is aborted first never runs.
     *
     * @throws RejectedExecutionException when the pool is shut down, has no room, or can't get a single thread; the job
     *     then never runs. The cause is an {@link InterruptedException} when the caller was interrupted while it waited
     *     for room; its interrupt status is still set
     */
    public void submit(TaskCell<?> task) {
        Job job = new Job(this, task, now());
        if (enter(job)) {
            return;
        }
        switch (limits.whenFull()) {
            case WAIT -> awaitRoom(job);
            case REJECT -> throw full("");
            case CALLER_RUNS -> runOnCaller(task);
        }
    }

    /** False when there is no room. */
    private boolean enter(Job job) {
        boolean mayStay;
        lock.lock();
        try {
            if (shutdown) {
                counters.rejected++;
                throw shutDown();
            }
            crew.comeFor(queue.size() + 1, limits.maxThreads());
            if (crew.size() == 0) {
                counters.rejected++;
                throw new RejectedExecutionException(
                        label() + " can't start a thread, and has no other", crew.refusal());
            }
            if (!waiting.isEmpty() || !hasRoom()) {
                noteFull(job);
                return false;
            }
            enqueue(job);
            mayStay = queue.size() > crew.spare(limits.maxThreads());
        } finally {
            unlock();
        }
        if (mayStay) { // else a thread comes so soon that the job may just as well be dropped by it
            job.watch();
        }
        return true;
    }

    private void noteFull(Job job) {
        switch (limits.whenFull()) {
            case WAIT -> {
                job.submitter = Thread.currentThread();
                job.place = Place.ROOM;
                waiting.add(job);
            }
            case REJECT -> counters.rejected++;
            case CALLER_RUNS -> {
                counters.callerRuns++;
                onCallers.put(job.cell, Thread.currentThread());
            }
        }
    }

    private void enqueue(Job job) {
        job.place = Place.QUEUE;
        queue.add(job);
        counters.submitted++;
    }

    private boolean hasRoom() {
        int capacity = limits.queueCapacity();
        return capacity == 0 || queue.size() < (long) crew.spare(limits.maxThreads()) + capacity;
    }

    private void awaitRoom(Job job) {
        job.watch();
        long deadline = job.submittedNanos + limits.waitTimeout().toNanos();
        while (job.place == Place.ROOM) {
            long left = deadline - now();
            if (Thread.currentThread().isInterrupted()) {
                if (giveUp(job)) {
                    throw new RejectedExecutionException(
                            "interrupted while waiting for room in " + label(), Ports.interruption());
                }
            } else if (left > 0) {
                LockSupport.parkNanos(this, left);
            } else if (giveUp(job)) {
                throw full(" after " + limits.waitTimeout());
            }
        }
        if (job.place == Place.REFUSED) {
            throw shutDown();
        }
    }

    private boolean giveUp(Job job) {
        lock.lock();
        try {
            return refuse(job);
        } finally {
            unlock();
        }
    }

    /** False when room came first. */
    private boolean refuse(Job job) {
        if (job.place != Place.ROOM) {
            return false;
        }
        waiting.remove(job);
        job.place = Place.REFUSED;
        counters.rejected++;
        return true;
    }

    /** The run clears the interrupt status, which an abort of the caller's own task may have set meanwhile. */
    private void runOnCaller(TaskCell<?> task) {
        try {
            if (!Contexts.runOnCaller(host, task)) {
                task.abort("its submitter, which was to run it, is aborted");
            }
        } finally {
            lock.lock();
            try {
                onCallers.remove(task);
                checkTerminated();
            } finally {
                unlock();
            }
        }
    }

    private RejectedExecutionException full(String when) {
        BlockingLimits l = limits;
        return new RejectedExecutionException(label() + " is full" + when + ": " + l.maxThreads()
                + " threads busy (blocking.max-threads) and " + l.queueCapacity()
                + " jobs queued (blocking.queue-capacity)");
    }

    private RejectedExecutionException shutDown() {
        return new RejectedExecutionException(label() + " is shut down");
    }

    private String label() {
        return "blocking pool '" + name + "'";
    }

    // ---- threads ---------------------------------------------------------------------------------------------------

    /**
     * Ends the thread's job, if it had one, and waits for the next. Pool threads only.
     *
     * @param ran whether the body of the job that ends was entered
     * @return null when the thread shall leave
     */
    @Nullable Job next(PoolThread thread, boolean ran) {
        for (;;) {
            long now = now();
            lock.lock();
            try {
                end(thread, ran, now);
                crew.arrived(thread);
                boolean surplus = crew.size() > limits.maxThreads();
                Job job = surplus ? null : take();
                if (job != null) {
                    begin(thread, job, now);
                    return job;
                }
                if (surplus || shutdown) {
                    leave(thread);
                    return null;
                }
                crew.rest(thread);
            } finally {
                unlock();
            }
            if (!thread.awaitCall(System.nanoTime()) && expire(thread)) {
                return null;
            }
        }
    }

    private void end(PoolThread thread, boolean ran, long now) {
        if (thread.current != null) {
            thread.current = null;
            if (ran) {
                counters.completed(now - thread.startedNanos);
            } else {
                counters.notStarted();
            }
        }
    }

    /** Takes the oldest job that still wants to run. */
    private @Nullable Job take() {
        do {
            for (Job job; (job = queue.poll()) != null;) {
                if (job.cell.isQueued()) {
                    return job;
                }
                job.place = Place.DROPPED;
            }
            admitWaiting();
        } while (!queue.isEmpty());
        return null;
    }

    private void begin(PoolThread thread, Job job, long now) {
        job.place = Place.THREAD;
        thread.current = job;
        thread.startedNanos = now;
        counters.started(Math.max(0, now - job.submittedNanos));
        settle();
    }

    private boolean expire(PoolThread thread) {
        lock.lock();
        try {
            if (!crew.tryExpire(thread)) {
                return false;
            }
            leave(thread);
            return true;
        } finally {
            unlock();
        }
    }

    private void leave(PoolThread thread) {
        if (crew.leave(thread)) {
            settle();
            checkTerminated();
        }
    }

    /** The thread ends. It has left already, unless something was thrown that a job can't throw. */
    void left(PoolThread thread) {
        lock.lock();
        try {
            end(thread, true, now());
            crew.arrived(thread);
            leave(thread);
        } finally {
            unlock();
        }
    }

    private void settle() {
        admitWaiting();
        crew.comeFor(queue.size(), limits.maxThreads());
    }

    private void admitWaiting() {
        while (!waiting.isEmpty() && hasRoom()) {
            Job job = Objects.requireNonNull(waiting.poll());
            enqueue(job);
            LockSupport.unpark(job.submitter);
        }
    }

    // ---- abort of a queued job -------------------------------------------------------------------------------------

    /** The task of a waiting job was aborted. Any thread; never blocks. */
    void aborted(Job job) {
        Job first;
        do {
            first = aborted.get();
            job.nextAborted = first;
        } while (!aborted.compareAndSet(first, job));
        dropAborted();
    }

    private void unlock() {
        release();
        dropAborted();
    }

    private void release() {
        PoolThread thread = crew.takeCalled();
        lock.unlock();
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }

    private void dropAborted() {
        while (aborted.get() != null && lock.tryLock()) {
            try {
                for (Job job = aborted.getAndSet(null); job != null; job = job.nextAborted) {
                    drop(job);
                }
                settle();
            } finally {
                release();
            }
        }
    }

    private void drop(Job job) {
        if (job.place == Place.QUEUE) {
            queue.remove(job);
            job.place = Place.DROPPED;
        } else if (job.place == Place.ROOM) {
            waiting.remove(job);
            job.place = Place.DROPPED;
            LockSupport.unpark(job.submitter);
        }
    }

    // ---- limits ----------------------------------------------------------------------------------------------------

    /** Returns the limits in force. */
    public BlockingLimits limits() {
        return limits;
    }

    /** Changes how many threads there may be. Surplus threads leave when idle, or else after their job. */
    public void resize(int maxThreads) {
        lock.lock();
        try {
            limits = limits.withMaxThreads(maxThreads);
            crew.callOldest(crew.size() - maxThreads); // they find themselves surplus
            settle();
        } finally {
            unlock();
        }
    }

    /** Changes how long an idle thread stays, for those idle now as well. */
    public void keepAlive(Duration keepAlive) {
        lock.lock();
        try {
            limits = limits.withKeepAlive(keepAlive);
            keepAliveNanos = keepAlive.toNanos();
            crew.stirIdle();
        } finally {
            unlock();
        }
    }

    /** Changes how many jobs may queue; 0 means unbounded. What is queued beyond a smaller capacity stays. */
    public void queueCapacity(int queueCapacity) {
        lock.lock();
        try {
            limits = limits.withQueueCapacity(queueCapacity);
            settle();
        } finally {
            unlock();
        }
    }

    // ---- listing ---------------------------------------------------------------------------------------------------

    /** Returns sizes and counters. A job's end is counted a moment after its task is complete. */
    public BlockingPoolMetrics metrics() {
        lock.lock();
        try {
            BlockingLimits l = limits;
            PoolCounters c = counters;
            return new BlockingPoolMetrics(
                    name,
                    l.maxThreads(),
                    l.keepAlive(),
                    l.queueCapacity(),
                    l.whenFull().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    l.waitTimeout(),
                    crew.size(),
                    crew.idle(),
                    crew.peak(),
                    queue.size(),
                    c.submitted,
                    c.started,
                    c.completed,
                    c.rejected,
                    c.callerRuns,
                    Duration.ofNanos(c.queueNanos),
                    Duration.ofNanos(c.maxQueueNanos),
                    Duration.ofNanos(c.runNanos),
                    Duration.ofNanos(c.maxRunNanos));
        } finally {
            unlock();
        }
    }

    /** Returns whether no job is queued, waits for room, or runs. */
    public boolean isIdle() {
        lock.lock();
        try {
            return crew.busy() == 0 && queue.isEmpty() && waiting.isEmpty() && onCallers.isEmpty();
        } finally {
            unlock();
        }
    }

    /**
     * Shows every job that waits for room, is queued, or runs, as of now.
     *
     * <p>In this order, so that whoever aborts them one by one frees no thread for those that have not started.
     */
    public void forEachJob(JobVisitor visitor) {
        record Seen(TaskCell<?> task, boolean running, @Nullable Thread thread) {}
        List<Seen> jobs = new ArrayList<>();
        lock.lock();
        try {
            waiting.forEach(job -> jobs.add(new Seen(job.cell, false, null)));
            queue.forEach(job -> jobs.add(new Seen(job.cell, false, null)));
            crew.forEach(thread -> {
                if (thread.current != null) {
                    jobs.add(new Seen(thread.current.cell, true, thread));
                }
            });
            onCallers.forEach((task, thread) -> jobs.add(new Seen(task, true, thread)));
        } finally {
            unlock();
        }
        for (Seen job : jobs) {
            if (!job.task.isDone()) {
                visitor.job(job.task, job.running, job.thread);
            }
        }
    }

    // ---- shutdown --------------------------------------------------------------------------------------------------

    /** Refuses new jobs and submitters that wait for room; lets queued and running jobs end. Idle threads leave. */
    public void shutdown() {
        lock.lock();
        try {
            shutdown = true;
            for (Job job; (job = waiting.first()) != null;) {
                refuse(job);
                LockSupport.unpark(job.submitter);
            }
            crew.callOldest(crew.idle());
            checkTerminated();
        } finally {
            unlock();
        }
    }

    private void checkTerminated() {
        if (shutdown && crew.size() == 0 && queue.isEmpty() && onCallers.isEmpty()) {
            terminated.countDown();
        }
    }

    /**
     * Aborts every job there is at this moment: queued ones never run, running ones are interrupted.
     *
     * @return the aborted jobs; those that are not done yet are running still
     */
    public List<TaskCell<?>> interruptAll(String reason) {
        List<TaskCell<?>> jobs = new ArrayList<>();
        forEachJob((task, running, thread) -> jobs.add(task));
        jobs.removeIf(task -> !task.abort(reason));
        return jobs;
    }

    /**
     * Waits until the pool is shut down and its last thread has left.
     *
     * @return false when the time was up first, or when the caller was interrupted, whose interrupt status is then set
     */
    public boolean awaitTermination(Duration timeout) {
        try {
            return terminated.await(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private long now() {
        return host.clock().nanoTime();
    }

    @Override
    public String toString() {
        return label();
    }
}
