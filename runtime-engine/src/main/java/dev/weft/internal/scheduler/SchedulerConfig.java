/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.scheduler;

import dev.weft.clock.TimeSource;

/**
 * What a scheduler is made from.
 *
 * @param threadPrefix how its threads' names begin
 * @param workers how many workers
 * @param stallThresholdNanos how long a slice may be
 * @param maxSpareWorkers how many workers may take over from stalled ones
 * @param clock the runtime's clock
 */
public record SchedulerConfig(
        String threadPrefix, int workers, long stallThresholdNanos, int maxSpareWorkers, TimeSource clock) {}
