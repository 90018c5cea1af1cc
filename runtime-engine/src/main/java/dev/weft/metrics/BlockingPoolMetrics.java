/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.metrics;

import java.time.Duration;

/**
 * A blocking pool's sizes and counters.
 *
 * @param name the pool's name
 * @param maxThreads how many threads it may have
 * @param keepAlive how long an idle thread stays
 * @param queueCapacity how many jobs may queue; 0 means unbounded
 * @param whenFull what happens to a job that finds the queue full
 * @param waitTimeout how long a submitter waits for room
 * @param threads how many threads it has
 * @param idleThreads how many of them have nothing to do
 * @param peakThreads the most it ever had
 * @param queued jobs that wait for a thread
 * @param submitted jobs that were accepted
 * @param started jobs that a thread took up
 * @param completed jobs that ended
 * @param rejected jobs that found no room
 * @param callerRuns jobs that their submitter ran
 * @param totalQueueTime the sum of the times between submission and start
 * @param maxQueueTime the longest of them
 * @param totalRunTime the sum of the run times of completed jobs
 * @param maxRunTime the longest of them
 */
public record BlockingPoolMetrics(
        String name,
        int maxThreads,
        Duration keepAlive,
        int queueCapacity,
        String whenFull,
        Duration waitTimeout,
        int threads,
        int idleThreads,
        int peakThreads,
        int queued,
        long submitted,
        long started,
        long completed,
        long rejected,
        long callerRuns,
        Duration totalQueueTime,
        Duration maxQueueTime,
        Duration totalRunTime,
        Duration maxRunTime) {}
