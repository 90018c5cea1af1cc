/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.task;

/**
 * The power to abort a task without the right to join it.
 *
 * <p>Thread-safe; never blocks.
 */
public interface AbortHandle {

    /**
     * Asks the task to stop.
     *
     * <p>A task that has not started never runs. One that is suspended in a Weft operation is woken and the operation
     * throws {@link TaskAbortedException}; one that blocks elsewhere, or runs, is interrupted. A task may ignore it.
     * Repeating the call interrupts a running task again; the first reason is kept.
     *
     * @param reason what the joiner and the task itself get to read
     * @return false when the task had already completed
     */
    boolean abort(String reason);

    /** Asks the task to stop, without saying why. */
    default boolean abort() {
        return abort("aborted");
    }

    /** Returns whether the task's body has unwound, or will never run. */
    boolean isDone();

    /** Returns the task's id, unique in this JVM. */
    long id();
}
