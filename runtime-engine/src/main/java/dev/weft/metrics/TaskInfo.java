/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.metrics;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A live task.
 *
 * @param id unique in this JVM
 * @param name given at spawn, or null
 * @param tags given at spawn
 * @param state where it is
 * @param age since it was first seen by whoever measures: from spawn when listeners or histograms are on, otherwise
 *     from its first suspension or listing; null when nobody has
 * @param busy how long it was on a worker, as the monitor's samples saw it, so only from some milliseconds on; the rest
 *     of its age it was idle. Null where that is not known
 * @param slices how often it was on a worker so far; null where that is not known
 * @param abortRequested whether somebody asked it to stop
 * @param waitingFor the object it is parked on, or null
 * @param thread the name of its thread, or null
 * @param stack its stack when asked for, innermost frame first, otherwise empty
 */
public record TaskInfo(
        long id,
        @Nullable String name,
        Map<String, String> tags,
        State state,
        @Nullable Duration age,
        @Nullable Duration busy,
        @Nullable Long slices,
        boolean abortRequested,
        @Nullable String waitingFor,
        @Nullable String thread,
        List<StackTraceElement> stack) {

    /** Where a live task can be. */
    public enum State {
        /** Waits for its first slice. */
        QUEUED,
        /** Is on a worker, or on its way there. */
        RUNNING,
        /** Waits for something else than a worker. */
        SUSPENDED,
        /** Is on a thread of the blocking pool, or waits for one. */
        BLOCKING
    }
}
