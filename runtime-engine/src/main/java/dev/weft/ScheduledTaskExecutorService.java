/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A runtime as an executor with delays: its timers spawn a task when the time has come. */
final class ScheduledTaskExecutorService extends TaskExecutorService implements ScheduledExecutorService {

    private final Set<ScheduledTask<?>> waiting = ConcurrentHashMap.newKeySet();

    ScheduledTaskExecutorService(RuntimeCore core) {
        super(core);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        return schedule(Executors.callable(command), delay, unit);
    }

    @Override
    public <V extends @Nullable Object> ScheduledFuture<V> schedule(Callable<V> body, long delay, TimeUnit unit) {
        return arm(new ScheduledTask<>(this, body, deadline(delay, unit), 0));
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initialDelay, long period, TimeUnit unit) {
        return arm(new ScheduledTask<>(
                this, Executors.callable(command), deadline(initialDelay, unit), positive("period", period, unit)));
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initialDelay, long delay, TimeUnit unit) {
        return arm(new ScheduledTask<>(
                this, Executors.callable(command), deadline(initialDelay, unit), -positive("delay", delay, unit)));
    }

    private static long positive(String what, long value, TimeUnit unit) {
        if (value <= 0) {
            throw new IllegalArgumentException(what + " is " + value + " " + unit + ", but must be positive");
        }
        return unit.toNanos(value);
    }

    private long deadline(long delay, TimeUnit unit) {
        return now() + Math.clamp(unit.toNanos(delay), 0, Long.MAX_VALUE / 4);
    }

    long now() {
        return core().clock().nanoTime();
    }

    private <V extends @Nullable Object> ScheduledTask<V> arm(ScheduledTask<V> task) {
        if (isShutdown() || !core().acceptsFromOutside()) {
            throw new RejectedExecutionException(
                    isShutdown() ? "this executor is shut down" : core() + " is shutting down");
        }
        waiting.add(task);
        core().waiting(task);
        task.arm();
        if (isShutdown()) {
            task.cancel(false); // shutdown() may have looked before this one was added
        }
        return task;
    }

    void done(ScheduledTask<?> task) {
        waiting.remove(task);
        core().waitsNoMore(task);
    }

    @Override
    public void shutdown() {
        super.shutdown();
        new ArrayList<>(waiting).forEach(ScheduledTask::drop);
    }

    @Override
    public List<Runnable> shutdownNow() {
        super.shutdown();
        List<ScheduledTask<?>> dropped = new ArrayList<>(waiting);
        dropped.removeIf(task -> !task.drop());
        super.shutdownNow();
        return new ArrayList<>(dropped);
    }
}
