/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.scheduler;

import dev.weft.internal.port.RuntimePort;
import dev.weft.internal.task.TaskCell;
import dev.weft.metrics.StallInfo;
import dev.weft.metrics.TimerMetrics;
import dev.weft.metrics.WorkerMetrics;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * What runs a runtime's tasks. Two kinds: {@link WorkerScheduler} in dedicated mode, {@link SharedScheduler} otherwise.
 *
 * <p>Thread-safe. After {@link #close} nothing that was handed over before is lost: threads go on elsewhere.
 */
public interface Scheduler {

    /** Queues a fresh task. After close the task is aborted instead. Never blocks. */
    void submit(TaskCell<?> task);

    /** Arms a wake-up call. */
    RuntimePort.Alarm schedule(long deadlineNanos, Runnable wake);

    /** Runs an unstarted task on the caller's own stack, if both kinds and states allow it. */
    boolean runInline(TaskCell<?> task);

    /** The calling task is about to block its thread. */
    void aboutToBlock();

    /** A task ended, or was aborted unstarted, where nobody could count it. */
    void endedElsewhere();

    /** Makes ordinary virtual threads, one for each body, that run where tasks run. */
    ThreadFactory threadFactory();

    /** Returns whether no task lives: none queued, running or suspended. */
    boolean isQuiet();

    /** Shows live tasks. */
    void visit(TaskVisitor visitor);

    /** Changes the number of workers. */
    void resize(int workers);

    /** Stops the workers. Tasks that never started are aborted. Does not wait longer than the time given. */
    boolean close(long timeout, TimeUnit unit);

    // ---- counters --------------------------------------------------------------------------------------------------

    long spawned();

    long completed();

    long injectionDepth();

    long guests();

    long forwarded();

    List<WorkerMetrics> workers();

    TimerMetrics timers();

    List<StallInfo> stalls();

    long stallCount();

    long takeovers();

    long takeoversRefused();

    int spareWorkers();
}
