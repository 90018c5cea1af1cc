/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.scheduler;

import dev.weft.clock.TimeSource;
import dev.weft.internal.context.RuntimeHost;
import dev.weft.internal.context.TaskContext;
import dev.weft.internal.jdk.VirtualThreads;
import dev.weft.internal.jdk.VirtualThreads.SavedLocals;
import dev.weft.internal.task.TaskCell;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A virtual thread of a runtime that runs one task after another.
 *
 * <p>It is its own thread's uncaught-exception handler, by which the scheduler finds the runner of a continuation.
 */
final class Runner extends TaskContext implements Runnable, Thread.UncaughtExceptionHandler {

    /*
     * Where a runner can be:
     *
     *   running a task     mounted on a worker, or suspended inside the task's body
     *   between tasks      mounted; takes the next fresh task from the worker it is on, without unmounting
     *   cached             parked, in its core's cache, first == null
     *   handed a task      first != null, unparked; takes the task wherever it wakes
     *   retired            its thread ends
     *
     * A cached runner can be woken by anybody who kept its Thread: it finds first == null and parks again. The worker
     * that hands it a task meanwhile finds it already queued or running; it then takes the task there.
     *
     * queued: 0 or 1. Whoever takes it from 0 to 1 puts the runner into a queue; the worker that takes the runner out
     * sets it to 0 before it runs the continuation (full fence), so a wake that comes while it runs queues it again,
     * and one that comes while it is queued does not.
     */

    private static final VarHandle QUEUED;
    private static final VarHandle FIRST;
    private static final VarHandle LENDERS = MethodHandles.arrayElementVarHandle(TaskCell[].class);

    static {
        try {
            var lookup = MethodHandles.lookup();
            QUEUED = lookup.findVarHandle(Runner.class, "queued", int.class);
            FIRST = lookup.findVarHandle(Runner.class, "first", TaskCell.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final WorkerScheduler scheduler;
    private final boolean oneTaskOnly;
    private final Thread thread;
    private int slot;

    /** Written by the worker that hands over a task, before the thread is woken. */
    private @Nullable TaskCell<?> first;

    private volatile boolean retire;

    /** Whether the last task handed over ran here, or had been aborted or claimed. Own thread only. */
    private boolean ranLast;

    @SuppressWarnings("unused") // accessed through QUEUED
    private volatile int queued;

    /** The thread's continuation; known from the first time it is scheduled, then constant. Published by the queues. */
    @Nullable Runnable continuation;

    /** When it was cached last, by the core's coarse clock. Owner of the core only. */
    long cachedAtNanos;

    /** How long the present task was seen on a worker. Written by the monitor, and reset here; racy. */
    long busyNanos;

    /** How often it was put on a worker since its task began. Written by the mounting worker, read racily. */
    long slices;

    /** When a listing or a suspension first saw the present task, by the coarse clock; 0 when neither has. */
    long taskSeenNanos;

    Runner(WorkerScheduler scheduler, boolean oneTaskOnly) {
        super(scheduler.host());
        this.scheduler = scheduler;
        this.oneTaskOnly = oneTaskOnly;
        this.thread = VirtualThreads.newBuilder(scheduler)
                .inheritInheritableThreadLocals(false)
                .uncaughtExceptionHandler(this)
                .unstarted(this);
    }

    @Override
    public Thread thread() {
        return thread;
    }

    void register(int slot) {
        this.slot = slot;
    }

    boolean trySetQueued() {
        return queued == 0 && QUEUED.compareAndSet(this, 0, 1);
    }

    void clearQueued() {
        queued = 0; // volatile: the full fence stands between this and the JDK's look at the thread's state
    }

    void hand(TaskCell<?> task) {
        FIRST.setRelease(this, task);
    }

    /** Ends the thread when it next has nothing to do. */
    void retire() {
        retire = true;
    }

    /** Its thread could not be started: gives its slot back. */
    void abandon() {
        first = null;
        scheduler.forget(this, slot);
    }

    void retireNow() {
        retire = true;
        LockSupport.unpark(thread);
    }

    /** Returns when a listing first saw the present task. Any thread, racy: good enough for an age. */
    long seen(TimeSource clock) {
        long seen = taskSeenNanos;
        if (seen == 0) {
            seen = clock.nanoTime();
            taskSeenNanos = seen;
        }
        return seen;
    }

    @Override
    public void run() {
        ownScopedValues = VirtualThreads.scopedValues(thread);
        try {
            for (;;) {
                TaskCell<?> task = (TaskCell<?>) FIRST.getAcquire(this); // pairs with hand()
                if (task == null) {
                    if (retire) {
                        return;
                    }
                    LockSupport.park();
                    clearInterrupt(thread);
                    continue;
                }
                first = null;
                if (!runAll(task)) {
                    return;
                }
            }
        } finally {
            scheduler.forget(this, slot);
        }
    }

    /** Runs a task, and then every fresh one the worker has for it. False when the thread must end. */
    private boolean runAll(TaskCell<?> task) {
        TaskCell<?> next = task;
        do {
            boolean reusable = runOne(next);
            boolean ran = ranLast;
            // The carrier is read anew: the task may have been resumed on another worker, or on one of the JDK's.
            if (!(VirtualThreads.currentCarrier() instanceof Worker worker) || worker.scheduler() != scheduler) {
                if (ran) {
                    scheduler.endedElsewhere();
                }
                return false;
            }
            if (!reusable || oneTaskOnly || retire) {
                if (ran) {
                    worker.taskEnded();
                }
                return false;
            }
            next = worker.nextFresh(this, ran);
        } while (next != null);
        return true;
    }

    /** Runs one task. False when it left something behind that only the end of the thread removes. */
    private boolean runOne(TaskCell<?> task) {
        Thread me = thread;
        ranLast = task.tryStart();
        if (!ranLast) {
            return true;
        }
        clearInterrupt(me);
        task.publishRunner(me);
        VirtualThreads.setContextLoader(me, task.loader());
        String name = task.name();
        if (name != null) {
            VirtualThreads.setName(me, name);
        }
        task(task);
        task.runBody();
        task(null);
        taskSeenNanos = 0;
        busyNanos = 0;
        slices = 0;
        clearInterrupt(me); // after complete(): whoever delivered an interrupt to the task is done
        return cleanUp(me);
    }

    /** Makes the thread as good as new. Less than a nanosecond when nothing was used. */
    private boolean cleanUp(Thread me) {
        VirtualThreads.dropThreadLocals(me);
        VirtualThreads.restoreHandler(me, this);
        VirtualThreads.setName(me, "");
        reset();
        VirtualThreads.eatParkPermit(me);
        return !VirtualThreads.hasOpenScope(me);
    }

    private static void clearInterrupt(Thread me) {
        if (me.isInterrupted()) {
            Thread.interrupted();
        }
    }

    /**
     * Runs a fresh child of the present task on this very stack. On this runner's thread.
     *
     * @return false when the child, or the parent's state, does not allow it
     */
    boolean runInline(TaskCell<?> child) {
        // A child must not see the parent's scoped values, which cannot be set aside.
        return inlineDepth < WorkerScheduler.MAX_INLINE_DEPTH
                && VirtualThreads.scopedValues(thread) == ownScopedValues
                && lendTo(child);
    }

    /** The child sees a thread as clean as any task does, and the parent gets back what it had. */
    @Override
    protected boolean runLent(TaskCell<?> child) {
        if (!child.tryStart()) {
            return false;
        }
        Thread me = thread;
        TaskCell<?> parent = task();
        boolean interrupted = Thread.interrupted();
        boolean permit = VirtualThreads.hasParkPermit(me);
        VirtualThreads.eatParkPermit(me);
        SavedLocals locals = VirtualThreads.saveThreadLocals(me);
        ClassLoader loader = me.getContextClassLoader();
        String name = me.getName();
        Object deadline = deadlineScope();
        RuntimeHost elsewhere = entered();
        deadlineScope(null);
        entered(child.host() == host() ? null : (RuntimeHost) child.host());
        noteLender(parent);
        inlineDepth++;

        child.publishRunner(me);
        VirtualThreads.setContextLoader(me, child.loader());
        VirtualThreads.setName(me, child.name() == null ? "" : child.name());
        task(child);
        child.runBody();
        task(parent);

        clearInterrupt(me);
        cleanUp(me);
        inlineDepth--;
        noteLender(null);
        deadlineScope(deadline);
        entered(elsewhere);
        VirtualThreads.restoreThreadLocals(me, locals);
        VirtualThreads.setContextLoader(me, loader);
        VirtualThreads.setName(me, name);
        if (permit) {
            LockSupport.unpark(me);
        }
        if (interrupted) {
            me.interrupt();
        }
        return true;
    }

    private void noteLender(@Nullable TaskCell<?> lender) {
        if (inlineDepth == lenders.length) {
            lenders = Arrays.copyOf(lenders, Math.max(4, 2 * inlineDepth));
        }
        LENDERS.setRelease(lenders, inlineDepth, lender);
    }

    /** Shows the tasks whose bodies wait on this thread for the innermost one. Any thread, racy. */
    void forEachLender(Consumer<TaskCell<?>> each) {
        @Nullable TaskCell<?>[] seen = lenders;
        for (int i = 0; i < seen.length; i++) {
            TaskCell<?> lender = (TaskCell<?>) LENDERS.getAcquire(seen, i);
            if (lender != null) {
                each.accept(lender);
            }
        }
    }

    private static final @Nullable TaskCell<?>[] NO_LENDERS = new TaskCell<?>[0];

    /** Those that lend the thread, by depth. Elements are written by this thread and read racily by listings. */
    private @Nullable TaskCell<?>[] lenders = NO_LENDERS;

    private int inlineDepth;

    /** The thread's scoped-value bindings between tasks. */
    private @Nullable Object ownScopedValues;

    /** Never called for a task's exception, which reaches its handle: only for a fault of the engine itself. */
    @Override
    public void uncaughtException(Thread thread, Throwable e) {
        scheduler.fault("runner", e);
    }
}
