/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.task;

/** What happens to work that finds a bounded queue full. */
public enum WhenFull {

    /** The submitter waits for room, at most the configured time, and is then rejected. A task that waits suspends. */
    WAIT,

    /** The submitter gets a {@link java.util.concurrent.RejectedExecutionException} at once. */
    REJECT,

    /** The submitter runs the work itself, before {@code spawn} returns. */
    CALLER_RUNS
}
