/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.metrics;

import java.time.Duration;

/**
 * The admission gate's limits and counters.
 *
 * @param maxConcurrentTasks how many tasks spawned from outside may be under way at once; 0 means no limit
 * @param queueCapacity how many more may queue; 0 means unbounded
 * @param waitTimeout how long a submitter waits for room in a full queue
 * @param whenFull what happens to a task that finds the queue full
 * @param running tasks that hold a permit
 * @param queued tasks that wait for one
 * @param rejected tasks that found no room
 * @param callerRuns tasks that their submitter ran
 */
public record AdmissionMetrics(
        int maxConcurrentTasks,
        int queueCapacity,
        Duration waitTimeout,
        String whenFull,
        int running,
        int queued,
        long rejected,
        long callerRuns) {}
