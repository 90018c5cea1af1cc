/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.context;

import dev.weft.internal.concurrent.QueueNode;
import dev.weft.internal.port.ContextPort;
import dev.weft.internal.port.DeadlinePort;
import dev.weft.internal.task.TaskCell;
import dev.weft.task.TaskAbortedException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A thread's place in a runtime.
 *
 * <p>Written by its own thread only; {@link #task()} may be read by listings on any thread.
 */
public abstract class TaskContext extends QueueNode implements ContextPort {

    private static final VarHandle TASK;

    static {
        try {
            TASK = MethodHandles.lookup().findVarHandle(TaskContext.class, "task", TaskCell.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final RuntimeHost host;

    /** The innermost task on this thread: a child while it runs inline. */
    private @Nullable TaskCell<?> task;

    private @Nullable Object deadlineScope;
    private @Nullable RuntimeHost entered;

    /** For subclasses. */
    protected TaskContext(RuntimeHost host) {
        this.host = host;
    }

    /** Returns the thread whose context this is; null before it has one. */
    public abstract @Nullable Thread thread();

    /** Returns the runtime whose task this is. */
    public final RuntimeHost host() {
        return host;
    }

    /** Returns the innermost task, or null between tasks. Racy from other threads. */
    public final @Nullable TaskCell<?> task() {
        return (TaskCell<?>) TASK.getOpaque(this);
    }

    /** Sets the innermost task. */
    public final void task(@Nullable TaskCell<?> task) {
        TASK.setOpaque(this, task);
    }

    /**
     * Runs a fresh task on the calling thread, in the middle of the present one, whose thread this is.
     *
     * <p>An abort of the present task meanwhile goes to the other one, and is delivered here afterwards; so is a
     * deadline that has passed.
     *
     * @return false when the other task did not run here: it had been aborted or claimed, or the present one is aborted
     */
    public final boolean lendTo(TaskCell<?> other) {
        TaskCell<?> present = Objects.requireNonNull(task);
        if (!present.tryLendThread(other)) {
            return false;
        }
        boolean ran = runLent(other);
        boolean late = deadlineScope instanceof DeadlinePort deadline && deadline.hasPassed();
        if (present.takeThreadBack() || (ran && late)) {
            Thread.currentThread().interrupt();
        }
        return ran;
    }

    /** Runs another task on this context's thread, and leaves the thread as it was. */
    protected abstract boolean runLent(TaskCell<?> other);

    /** Directs spawns elsewhere for a while; null ends it. */
    public final void entered(@Nullable RuntimeHost other) {
        entered = other;
    }

    /** Returns where spawns are directed for the time being, if elsewhere. */
    public final @Nullable RuntimeHost entered() {
        return entered;
    }

    /** Forgets what a task may have left: deadline scope and entered runtime. */
    protected final void reset() {
        if (deadlineScope != null) {
            deadlineScope = null;
        }
        if (entered != null) {
            entered = null;
        }
    }

    @Override
    public final RuntimeHost runtime() {
        RuntimeHost other = entered;
        return other == null ? host : other;
    }

    @Override
    public final @Nullable Object deadlineScope() {
        return deadlineScope;
    }

    @Override
    public final void deadlineScope(@Nullable Object scope) {
        deadlineScope = scope;
    }

    @Override
    public final boolean isAbortRequested() {
        TaskCell<?> current = task;
        return current != null && current.isAbortRequested();
    }

    @Override
    public final InterruptedException interruption() {
        TaskCell<?> current = task;
        return current != null && current.isAbortRequested()
                ? new TaskAbortedException(current.abortReason())
                : new InterruptedException();
    }
}
