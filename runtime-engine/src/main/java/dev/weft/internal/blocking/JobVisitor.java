/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.blocking;

import dev.weft.internal.task.TaskCell;
import org.jspecify.annotations.Nullable;

/** Is shown the jobs of a pool. */
@FunctionalInterface
public interface JobVisitor {

    /**
     * Called once for each job.
     *
     * @param running whether a thread has taken it up
     * @param thread the thread that did, or null while the job is queued
     */
    void job(TaskCell<?> job, boolean running, @Nullable Thread thread);
}
