/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.task;

import dev.weft.internal.concurrent.SpinBudget;
import org.jspecify.annotations.Nullable;

/**
 * The runtime a task belongs to, as far as the task itself must know it.
 *
 * <p>Thread-safe. An abstract class instead of an interface because it is called once for each task that ends.
 */
public abstract class TaskHost {

    /** For threads from outside that join one of its tasks. */
    final SpinBudget joinSpin = new SpinBudget(false);

    /** For subclasses. */
    protected TaskHost() {}

    /**
     * A task was aborted before anybody ran it. On the aborting thread; the task is complete.
     *
     * @param unscheduled whether no scheduler had seen it: it was bound for the blocking pool, or stood at the gate
     */
    protected abstract void endedUnstarted(TaskCell<?> task, boolean unscheduled);

    /** A task ended with an exception, or because of an abort. On the thread that ended it. */
    protected abstract void endedBadly(TaskCell<?> task, boolean aborted);

    /** Nobody will ever ask for this failure. */
    protected abstract void uncaught(long taskId, @Nullable String taskName, Throwable failure);
}
