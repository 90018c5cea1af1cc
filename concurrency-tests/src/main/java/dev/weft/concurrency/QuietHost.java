/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.concurrency;

import dev.weft.clock.TimeSource;
import dev.weft.internal.context.RuntimeHost;
import dev.weft.internal.task.TaskCell;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A runtime that nobody asks for anything but the time. */
public class QuietHost extends RuntimeHost {

    /** Returns a task of this runtime. */
    public final TaskCell<?> task() {
        return new TaskCell<>(this, () -> 0, null);
    }

    @Override
    public TimeSource clock() {
        return () -> 0;
    }

    @Override
    public <T extends @Nullable Object> Future<T> spawn(
            Callable<? extends T> body, @Nullable String name, Map<String, String> tags) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean runInline(Future<?> task) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void whenDone(Future<?> task, Runnable told) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Alarm schedule(long deadlineNanos, Runnable wake) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Duration abortPeriod() {
        throw new UnsupportedOperationException();
    }

    @Override
    protected void endedUnstarted(TaskCell<?> task, boolean unscheduled) {}

    @Override
    protected void endedBadly(TaskCell<?> task, boolean aborted) {}

    @Override
    protected void uncaught(long taskId, @Nullable String taskName, Throwable failure) {
        throw new IllegalStateException(failure);
    }
}
