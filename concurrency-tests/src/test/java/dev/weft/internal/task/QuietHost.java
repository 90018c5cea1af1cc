/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.task;

import org.jspecify.annotations.Nullable;

/** A runtime that only counts. */
final class QuietHost extends TaskHost {

    volatile int unstarted;
    volatile int bad;

    @Override
    protected void endedUnstarted(TaskCell<?> task, boolean unscheduled) {
        unstarted++;
    }

    @Override
    protected void endedBadly(TaskCell<?> task, boolean aborted) {
        bad++;
    }

    @Override
    protected void uncaught(long taskId, @Nullable String taskName, Throwable failure) {
        throw new IllegalStateException(failure);
    }
}
