/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.task;

import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** A joined task was aborted before it could finish. */
public final class TaskCancelledException extends CancellationException {

    private static final long serialVersionUID = 1L;

    private final String reason;

    /** For the engine. */
    public TaskCancelledException(String task, String reason, @Nullable Throwable cause) {
        super(task + " was cancelled: " + reason);
        this.reason = reason;
        if (cause != null) {
            initCause(cause);
        }
    }

    /** Returns what was given to {@link AbortHandle#abort(String)}. */
    public String reason() {
        return reason;
    }
}
