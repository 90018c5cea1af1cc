/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.metrics;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One worker's counters. Dedicated mode only.
 *
 * @param index which worker
 * @param parked whether it waits for work
 * @param currentTask id of the task it runs, or null
 * @param localQueueDepth entries in its ring and LIFO slot
 * @param slices how often it ran something: a fresh task, or a resumed thread
 * @param tasksStarted fresh tasks among them
 * @param guestSlices slices of virtual threads that user code started by itself
 * @param lifoSlices slices taken from the LIFO slot
 * @param steals successful visits to another worker's ring
 * @param stolenTasks entries those visits brought
 * @param overflows entries its full ring sent to the injection queue
 * @param parks how often it parked
 * @param wakes how often others woke it
 * @param driverTurns how often it advanced timers
 * @param runnersCreated threads it had to make, because none was idle
 * @param idleRunners threads it keeps for the next task
 * @param busy time spent running slices, from a coarse clock
 * @param idle time spent parked, from a coarse clock
 * @param timers its timers
 */
public record WorkerMetrics(
        int index,
        boolean parked,
        @Nullable Long currentTask,
        int localQueueDepth,
        long slices,
        long tasksStarted,
        long guestSlices,
        long lifoSlices,
        long steals,
        long stolenTasks,
        long overflows,
        long parks,
        long wakes,
        long driverTurns,
        long runnersCreated,
        int idleRunners,
        Duration busy,
        Duration idle,
        TimerMetrics timers) {}
