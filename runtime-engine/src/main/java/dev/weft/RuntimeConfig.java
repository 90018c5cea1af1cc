/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import dev.weft.task.WhenFull;
import java.time.Duration;

/**
 * How a runtime was built. What can be changed while it runs is shown by its metrics; here stands what it began with.
 *
 * @param name see {@link WeftRuntime.Builder#name}
 * @param requestedMode see {@link WeftRuntime.Builder#mode}
 * @param workerThreads see {@link WeftRuntime.Builder#workerThreads}
 * @param stallThreshold see {@link WeftRuntime.Builder#stallThreshold}
 * @param maxSpareWorkers see {@link WeftRuntime.Builder#maxSpareWorkers}
 * @param maxConcurrentTasks see {@link WeftRuntime.Builder#maxConcurrentTasks}
 * @param queueCapacity see {@link WeftRuntime.Builder#queueCapacity}
 * @param waitTimeout see {@link WeftRuntime.Builder#waitTimeout}
 * @param whenFull see {@link WeftRuntime.Builder#whenFull}
 * @param blockingMaxThreads see {@link WeftRuntime.Builder#blockingMaxThreads}
 * @param blockingKeepAlive see {@link WeftRuntime.Builder#blockingKeepAlive}
 * @param blockingQueueCapacity see {@link WeftRuntime.Builder#blockingQueueCapacity}
 * @param blockingWhenFull see {@link WeftRuntime.Builder#blockingWhenFull}
 * @param blockingWaitTimeout see {@link WeftRuntime.Builder#blockingWaitTimeout}
 * @param shutdownGracePeriod see {@link WeftRuntime.Builder#shutdownGracePeriod}
 * @param shutdownAbortPeriod see {@link WeftRuntime.Builder#shutdownAbortPeriod}
 * @param keepAlive see {@link WeftRuntime.Builder#keepAlive}
 * @param socketPollers see {@link WeftRuntime.Builder#socketPollers}
 */
public record RuntimeConfig(
        String name,
        Mode requestedMode,
        int workerThreads,
        Duration stallThreshold,
        int maxSpareWorkers,
        int maxConcurrentTasks,
        int queueCapacity,
        Duration waitTimeout,
        WhenFull whenFull,
        int blockingMaxThreads,
        Duration blockingKeepAlive,
        int blockingQueueCapacity,
        WhenFull blockingWhenFull,
        Duration blockingWaitTimeout,
        Duration shutdownGracePeriod,
        Duration shutdownAbortPeriod,
        KeepAlive keepAlive,
        SocketPollers socketPollers) {}
