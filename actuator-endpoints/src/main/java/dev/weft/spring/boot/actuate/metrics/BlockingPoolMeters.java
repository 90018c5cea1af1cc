/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.actuate.metrics;

import dev.weft.metrics.BlockingPoolMetrics;
import io.micrometer.core.instrument.binder.BaseUnits;

/** One blocking pool. */
final class BlockingPoolMeters {

    private BlockingPoolMeters() {}

    static void bind(MeterGroup<BlockingPoolMetrics> group) {
        group
                .gauge("weft.blocking.threads", BaseUnits.THREADS, "Threads of the pool", BlockingPoolMetrics::threads)
                .gauge("weft.blocking.threads.max", BaseUnits.THREADS, "Threads it may have",
                        BlockingPoolMetrics::maxThreads)
                .gauge("weft.blocking.threads.idle", BaseUnits.THREADS, "Threads that have nothing to do",
                        BlockingPoolMetrics::idleThreads)
                .gauge("weft.blocking.threads.peak", BaseUnits.THREADS, "Most threads it ever had",
                        BlockingPoolMetrics::peakThreads)
                .gauge("weft.blocking.queued", BaseUnits.TASKS, "Jobs that wait for a thread",
                        BlockingPoolMetrics::queued)
                .gauge("weft.blocking.queue.capacity", BaseUnits.TASKS,
                        "Jobs that may wait for a thread; 0 means unbounded", BlockingPoolMetrics::queueCapacity)
                .counter("weft.blocking.submitted", BaseUnits.TASKS, "Jobs that were accepted",
                        BlockingPoolMetrics::submitted)
                .counter("weft.blocking.completed", BaseUnits.TASKS, "Jobs that ended", BlockingPoolMetrics::completed)
                .counter("weft.blocking.rejected", BaseUnits.TASKS, "Jobs that found no room",
                        BlockingPoolMetrics::rejected)
                .counter("weft.blocking.caller.runs", BaseUnits.TASKS,
                        "Jobs that their submitter ran, because they found no room", BlockingPoolMetrics::callerRuns)
                .timer("weft.blocking.queue.time", "Time between submission and start", BlockingPoolMetrics::started,
                        BlockingPoolMetrics::totalQueueTime)
                .timeGauge("weft.blocking.queue.time.max", "Longest time between submission and start",
                        BlockingPoolMetrics::maxQueueTime)
                .timer("weft.blocking.run.time", "Run time of completed jobs", BlockingPoolMetrics::completed,
                        BlockingPoolMetrics::totalRunTime)
                .timeGauge("weft.blocking.run.time.max", "Longest run time of a completed job",
                        BlockingPoolMetrics::maxRunTime);
    }
}
