/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.autoconfigure;

import dev.weft.KeepAlive;
import dev.weft.Mode;
import dev.weft.SocketPollers;
import dev.weft.task.WhenFull;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Everything under {@code weft}.
 *
 * @param enabled whether runtimes, spawners and everything built on them are configured
 * @param runtime application's own runtime, named "main"
 * @param runtimes isolated runtimes by name, each with the same keys as "weft.runtime"; "main" is reserved
 */
@ConfigurationProperties("weft")
public record WeftProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue Runtime runtime,
        @DefaultValue Map<String, Runtime> runtimes) {

    /**
     * One runtime.
     *
     * @param mode where tasks run: "dedicated" is Weft's own workers and needs java.lang opened, "shared" is the JDK's
     *     scheduler, "auto" is the first where possible
     * @param workerThreads number of workers; processors of the container when not set
     * @param stallThreshold how long a task may keep its worker before a spare worker takes over the rest of its work
     * @param maxSpareWorkers how many workers may take over from stalled ones; 4 times the workers and at least 8 when
     *     not set
     * @param maxConcurrentTasks how many tasks spawned from outside may be under way at once; 0 means no limit
     * @param queueCapacity how many more tasks may queue at that limit; 0 means unbounded
     * @param waitTimeout how long a submitter waits for room in a full queue
     * @param whenFull what happens to a task that finds the queue full
     * @param keepAlive when the runtime keeps the JVM from exiting
     * @param socketPollers on whose scheduler the JDK's socket pollers are started
     * @param blocking pool of platform threads for blocking work
     * @param shutdown how long tasks get when the application stops or pauses
     */
    public record Runtime(
            @DefaultValue("auto") Mode mode,
            @Nullable Integer workerThreads,
            @DefaultValue("10ms") Duration stallThreshold,
            @Nullable Integer maxSpareWorkers,
            @DefaultValue("0") int maxConcurrentTasks,
            @DefaultValue("10000") int queueCapacity,
            @DefaultValue("30s") Duration waitTimeout,
            @DefaultValue("wait") WhenFull whenFull,
            @DefaultValue("while-tasks-live") KeepAlive keepAlive,
            @DefaultValue("jdk") SocketPollers socketPollers,
            @DefaultValue Blocking blocking,
            @DefaultValue Shutdown shutdown) {}

    /**
     * The blocking pool of a runtime.
     *
     * @param maxThreads how many threads the pool may have
     * @param keepAlive how long an idle thread stays
     * @param queueCapacity how many jobs may queue when every thread is busy; 0 means unbounded
     * @param whenFull what happens to a job that finds the queue full
     * @param waitTimeout how long a submitter waits for room in a full queue
     */
    public record Blocking(
            @DefaultValue("512") int maxThreads,
            @DefaultValue("10s") Duration keepAlive,
            @DefaultValue("10000") int queueCapacity,
            @DefaultValue("wait") WhenFull whenFull,
            @DefaultValue("30s") Duration waitTimeout) {}

    /**
     * How a runtime stops.
     *
     * @param gracePeriod how long tasks may go on when the application stops or pauses
     * @param abortPeriod how long they get to end once they have been aborted
     */
    public record Shutdown(
            @DefaultValue("20s") Duration gracePeriod, @DefaultValue("5s") Duration abortPeriod) {}
}
