/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import org.jspecify.annotations.Nullable;

/**
 * Is told of failures that nobody asks for: of a task without a handle at once, of one whose handle was dropped when the
 * garbage collector finds out, and of the rest when the runtime closes.
 *
 * <p>Called on any thread, perhaps on several at once. What it throws is logged.
 */
@FunctionalInterface
public interface UncaughtHandler {

    /** Writes the failure to the log {@code dev.weft.WeftRuntime}. */
    UncaughtHandler LOG = new LoggingUncaughtHandler();

    /**
     * A task failed and nobody will know.
     *
     * @param taskId the task
     * @param taskName its name, or null
     * @param failure what its body threw
     */
    void uncaught(WeftRuntime runtime, long taskId, @Nullable String taskName, Throwable failure);
}
