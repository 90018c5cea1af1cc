/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Is told of each task's way through a runtime. Costs something for each task as soon as one is registered.
 *
 * <p>Called on the spawning thread ({@link #spawned}) and on the task's own ({@link #started}, {@link #ended}); in the
 * case of an abort before the start, on the aborting thread. Must be thread-safe and quick. What it throws is logged
 * once and otherwise ignored.
 */
public interface TaskListener {

    /**
     * A task, as listeners see it.
     *
     * @param id unique in this JVM
     * @param name given at spawn, or null
     * @param tags given at spawn
     */
    record Subject(long id, @Nullable String name, Map<String, String> tags) {}

    /** How a task ended. */
    enum Outcome {
        /** The body returned. */
        COMPLETED,
        /** The body threw. */
        FAILED,
        /** The task was aborted. */
        ABORTED
    }

    /** A task was queued. */
    default void spawned(Subject task) {}

    /** A task's body begins, after it was queued for so long. */
    default void started(Subject task, Duration queued) {}

    /** A task ended, after so long since its start; zero if it never started. */
    default void ended(Subject task, Outcome outcome, Duration ran) {}
}
