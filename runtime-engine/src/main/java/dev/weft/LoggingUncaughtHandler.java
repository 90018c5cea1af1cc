/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import org.jspecify.annotations.Nullable;

/** Logs a failure that nobody joined. */
final class LoggingUncaughtHandler implements UncaughtHandler {

    private static final System.Logger LOG = System.getLogger(WeftRuntime.class.getName());

    @Override
    public void uncaught(WeftRuntime runtime, long taskId, @Nullable String taskName, Throwable failure) {
        LOG.log(
                System.Logger.Level.ERROR,
                "Weft: runtime '" + runtime.name() + "': task " + (taskName == null ? "" : "'" + taskName + "' ")
                        + taskId + " failed and nobody joined it",
                failure);
    }
}
