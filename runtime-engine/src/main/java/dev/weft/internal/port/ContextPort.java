/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.port;

import org.jspecify.annotations.Nullable;

/** The calling thread's place in a runtime: a task, or a foreign thread that entered one. Calling thread only. */
public interface ContextPort {

    /** Returns the runtime that {@code spawn} goes to. */
    RuntimePort runtime();

    /** Returns the innermost deadline around the caller. */
    @Nullable Object deadlineScope();

    /** Sets the innermost deadline around the caller. */
    void deadlineScope(@Nullable Object scope);

    /** Returns whether the current task was asked to stop. */
    boolean isAbortRequested();

    /** Returns the exception that says why the caller was interrupted: aborted with a reason, or merely interrupted. */
    InterruptedException interruption();
}
