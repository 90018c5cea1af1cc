/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.metrics;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A task that kept its worker for longer than the stall threshold.
 *
 * @param worker index of the worker
 * @param taskId the task, or null for a guest
 * @param taskName its name, or null
 * @param detectedAt when the monitor saw it
 * @param duration how long it lasted, or has lasted so far
 * @param ongoing whether it still lasts
 * @param rescued whether a spare worker took over the rest of the worker's work
 * @param stack where the task was, innermost frame first
 */
public record StallInfo(
        int worker,
        @Nullable Long taskId,
        @Nullable String taskName,
        Instant detectedAt,
        Duration duration,
        boolean ongoing,
        boolean rescued,
        List<StackTraceElement> stack) {}
