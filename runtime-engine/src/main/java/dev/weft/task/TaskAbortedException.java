/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.task;

/**
 * Thrown inside a task that was asked to stop, by the operation it was suspended in. The operation took no effect.
 */
public final class TaskAbortedException extends InterruptedException {

    private static final long serialVersionUID = 1L;

    private final String reason;

    /** For the engine. */
    public TaskAbortedException(String reason) {
        super(reason);
        this.reason = reason;
    }

    /** Returns what was given to {@link AbortHandle#abort(String)}. */
    public String reason() {
        return reason;
    }
}
