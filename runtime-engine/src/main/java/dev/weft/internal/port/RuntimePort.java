/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.port;

import dev.weft.clock.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A runtime, as seen by library code. Thread-safe. */
public interface RuntimePort {

    /** Returns the runtime's clock. */
    TimeSource clock();

    /** Spawns a task of this runtime. The future is always a {@code JoinHandle}. */
    <T extends @Nullable Object> Future<T> spawn(
            Callable<? extends T> body, @Nullable String name, Map<String, String> tags);

    /**
     * Runs a task that has not started on the caller's own stack, and returns when it has completed.
     *
     * @return false when that is not possible: it has started, or the caller is no task of the same runtime
     */
    boolean runInline(Future<?> task);

    /**
     * Calls {@code told} when a task of this runtime has completed.
     *
     * @param told must neither block nor throw; runs on whatever thread ends the task, or at once when it has ended
     */
    void whenDone(Future<?> task, Runnable told);

    /**
     * Calls {@code wake} when {@code deadlineNanos} of {@link #clock()} has come.
     *
     * @param wake must neither block nor throw; runs on a thread of the runtime
     */
    Alarm schedule(long deadlineNanos, Runnable wake);

    /** Returns how long an aborted task is waited for before it counts as a survivor. */
    Duration abortPeriod();

    /** A wake-up call that can be called off. */
    interface Alarm {

        /** Returns whether the call will not come because of this. */
        boolean cancel();
    }
}
