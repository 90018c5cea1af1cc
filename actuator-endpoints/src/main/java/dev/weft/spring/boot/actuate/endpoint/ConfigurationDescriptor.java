/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.actuate.endpoint;

import dev.weft.RuntimeConfig;
import java.time.Duration;
import java.util.Locale;

/**
 * What a runtime was built with, in the shape and words of {@code weft.runtime.*}.
 *
 * @param mode the mode that was asked for
 * @param workerThreads number of workers
 * @param stallThreshold how long a task may keep its worker
 * @param maxSpareWorkers how many workers may take over from stalled ones
 * @param maxConcurrentTasks limit for tasks from outside; 0 means none
 * @param queueCapacity how many more may queue; 0 means unbounded
 * @param waitTimeout how long a submitter waits for room
 * @param whenFull what happens to a task that finds the queue full
 * @param keepAlive when the runtime keeps the JVM from exiting
 * @param socketPollers on whose scheduler the JDK's socket pollers were started
 * @param blocking the blocking pool
 * @param shutdown the periods of a stop
 */
public record ConfigurationDescriptor(
        String mode,
        int workerThreads,
        Duration stallThreshold,
        int maxSpareWorkers,
        int maxConcurrentTasks,
        int queueCapacity,
        Duration waitTimeout,
        String whenFull,
        String keepAlive,
        String socketPollers,
        Blocking blocking,
        Shutdown shutdown) {

    static ConfigurationDescriptor of(RuntimeConfig config) {
        return new ConfigurationDescriptor(
                word(config.requestedMode()),
                config.workerThreads(),
                config.stallThreshold(),
                config.maxSpareWorkers(),
                config.maxConcurrentTasks(),
                config.queueCapacity(),
                config.waitTimeout(),
                word(config.whenFull()),
                word(config.keepAlive()),
                word(config.socketPollers()),
                new Blocking(
                        config.blockingMaxThreads(),
                        config.blockingKeepAlive(),
                        config.blockingQueueCapacity(),
                        word(config.blockingWhenFull()),
                        config.blockingWaitTimeout()),
                new Shutdown(config.shutdownGracePeriod(), config.shutdownAbortPeriod()));
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The blocking pool.
     *
     * @param maxThreads how many threads it may have
     * @param keepAlive how long an idle thread stays
     * @param queueCapacity how many jobs may queue; 0 means unbounded
     * @param whenFull what happens to a job that finds the queue full
     * @param waitTimeout how long a submitter waits for room
     */
    public record Blocking(
            int maxThreads, Duration keepAlive, int queueCapacity, String whenFull, Duration waitTimeout) {}

    /**
     * The periods of a stop.
     *
     * @param gracePeriod how long tasks may go on
     * @param abortPeriod how long they get to end once aborted
     */
    public record Shutdown(Duration gracePeriod, Duration abortPeriod) {}
}
