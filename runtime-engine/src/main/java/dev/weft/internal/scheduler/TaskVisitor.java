/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.scheduler;

import dev.weft.internal.task.TaskCell;

/** Is shown a runtime's live tasks, one by one, racily. */
public interface TaskVisitor {

    /** A task nobody has started. */
    void queued(TaskCell<?> task);

    /**
     * A task with a thread.
     *
     * @param slices how often it was on a worker; negative where that is not known
     * @param busyNanos how long it was seen there; negative where that is not known
     * @param seenNanos when it was first seen by the runtime's clock; 0 when it was not
     */
    void started(TaskCell<?> task, Thread thread, long slices, long busyNanos, long seenNanos);
}
