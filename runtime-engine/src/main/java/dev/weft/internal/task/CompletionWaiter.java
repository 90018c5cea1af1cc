/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.task;

import org.jspecify.annotations.Nullable;

/** One who wants to know of a task's end. Told once, on the thread that ended it or on one that registered meanwhile. */
public abstract class CompletionWaiter {

    /** Written before the waiter is published, then only by whoever took the list. */
    @Nullable CompletionWaiter next;

    /** For subclasses. */
    protected CompletionWaiter() {}

    /** The task is complete. Must not block and must not throw. */
    protected abstract void completed(TaskCell<?> task);

    /** Returns whether nobody waits here any more, so that it may be dropped. */
    protected boolean isAbandoned() {
        return false;
    }
}
