/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import dev.weft.internal.port.RuntimePort;
import dev.weft.internal.task.CompletionWaiter;
import dev.weft.internal.task.TaskCell;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A command that waits for its time, once or again and again. Thread-safe. */
final class ScheduledTask<V extends @Nullable Object> extends FutureTask<V> implements RunnableScheduledFuture<V> {

    private final ScheduledTaskExecutorService executor;

    /** Positive: the time between two starts. Negative: between an end and the next start. 0: once. */
    private final long periodNanos;

    private final @Nullable ClassLoader loader;

    private volatile long deadlineNanos;
    private volatile RuntimePort.@Nullable Alarm alarm;
    private volatile @Nullable TaskCell<?> running;

    ScheduledTask(ScheduledTaskExecutorService executor, Callable<V> body, long deadlineNanos, long periodNanos) {
        super(body);
        this.executor = executor;
        this.deadlineNanos = deadlineNanos;
        this.periodNanos = periodNanos;
        this.loader = executor.core().loaderForTasks();
    }

    void arm() {
        alarm = executor.core().schedule(deadlineNanos, this::timeHasCome);
        if (!executor.core().acceptsFromOutside()) {
            drop(); // the shutdown may have looked for what waits before the line above
        }
        if (isDone()) {
            disarm(); // cancelled between the two lines, or before
        }
    }

    private void disarm() {
        RuntimePort.Alarm armed = alarm;
        if (armed != null) {
            armed.cancel();
        }
    }

    /** On a thread of the runtime that must not be kept: only spawns. */
    private void timeHasCome() {
        TaskCell<@Nullable Object> task = executor.core()
                .newTask(
                        () -> {
                            executor.core().keeper().workCame();
                            run();
                            return null;
                        },
                        loader);
        running = task;
        if (!executor.tryStartFromTimer(task)) {
            cancel(false); // the runtime or the executor ended; the future says so
        } else if (!task.addWaiter(new FollowAbort())) {
            followAbort(task);
        }
    }

    /** A task that was aborted may never have called run(): the future must not wait for ever. */
    private void followAbort(TaskCell<?> task) {
        if (task.isCancelled()) {
            cancel(false);
        }
    }

    private final class FollowAbort extends CompletionWaiter {
        @Override
        protected void completed(TaskCell<?> task) {
            followAbort(task);
        }
    }

    @Override
    public void run() {
        if (periodNanos == 0) {
            super.run();
        } else if (super.runAndReset() && !executor.isShutdown()) {
            deadlineNanos = periodNanos > 0 ? deadlineNanos + periodNanos : executor.now() - periodNanos;
            arm();
        }
    }

    /** Takes back a command whose time has not come. */
    boolean drop() {
        RuntimePort.Alarm armed = alarm;
        return armed != null && armed.cancel() && cancel(false);
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(false);
        if (cancelled) {
            disarm();
            TaskCell<?> task = running;
            if (mayInterruptIfRunning && task != null) {
                task.abort("the scheduled command was cancelled"); // the task's own handshake, not a saved thread
            }
        }
        return cancelled;
    }

    @Override
    protected void done() {
        executor.done(this);
    }

    @Override
    public boolean isPeriodic() {
        return periodNanos != 0;
    }

    @Override
    public long getDelay(TimeUnit unit) {
        return unit.convert(deadlineNanos - executor.now(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
        return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }
}
