/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.task;

/** A joined task's body threw; the cause is what it threw. */
public final class TaskFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** For the engine. */
    public TaskFailedException(String task, Throwable cause) {
        super(task + " failed: " + cause, cause);
    }
}
