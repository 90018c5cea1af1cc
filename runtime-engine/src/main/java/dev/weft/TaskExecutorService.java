/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import dev.weft.internal.task.CompletionWaiter;
import dev.weft.internal.task.TaskCell;
import dev.weft.task.JoinHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A runtime as an executor. It knows the tasks it spawned, so that it can be shut down by itself; the runtime stays.
 */
class TaskExecutorService extends AbstractExecutorService {

    private final RuntimeCore core;
    private final Set<TaskCell<?>> live = ConcurrentHashMap.newKeySet();
    private final Object ended = new Object();

    private volatile boolean shutdown;
    private volatile boolean stopped;

    TaskExecutorService(RuntimeCore core) {
        this.core = core;
    }

    final RuntimeCore core() {
        return core;
    }

    @Override
    public final void execute(Runnable command) {
        Objects.requireNonNull(command, "command");
        TaskCell<@Nullable Void> task = core.<@Nullable Void>newTask(RuntimeCore.callable(command::run));
        task.detach();
        this.<@Nullable Void>start(task);
    }

    @Override
    public final <T extends @Nullable Object> JoinHandle<T> submit(Callable<T> body) {
        return start(core.<T>newTask(body));
    }

    @Override
    public final JoinHandle<?> submit(Runnable command) {
        Objects.requireNonNull(command, "command");
        return this.<@Nullable Void>start(core.<@Nullable Void>newTask(RuntimeCore.callable(command::run)));
    }

    @Override
    public final <T extends @Nullable Object> JoinHandle<T> submit(Runnable command, T result) {
        Objects.requireNonNull(command, "command");
        return start(core.<T>newTask(() -> {
            command.run();
            return result;
        }));
    }

    /** Spawns a task and remembers it while it lives. */
    final <T extends @Nullable Object> TaskCell<T> start(TaskCell<T> task) {
        if (shutdown || !(core.acceptsFromOutside() || core.isInside())) {
            throw new RejectedExecutionException(
                    shutdown ? "this executor is shut down" : core + " is shutting down");
        }
        live.add(task);
        try {
            core.submit(task);
        } catch (RejectedExecutionException e) {
            live.remove(task);
            throw e;
        }
        forgetAtEnd(task);
        if (stopped) {
            task.abort("the executor was shut down"); // shutdownNow() may have looked before this one was added
        }
        return task;
    }

    /** The same on a worker outside of a task. False when it is too late. */
    final boolean tryStartFromTimer(TaskCell<?> task) {
        if (shutdown || !core.acceptsFromOutside()) {
            return false;
        }
        live.add(task);
        core.submitFromTimer(task);
        forgetAtEnd(task);
        return true;
    }

    private void forgetAtEnd(TaskCell<?> task) {
        if (!task.addWaiter(new Forget())) {
            forget(task);
        }
    }

    private final class Forget extends CompletionWaiter {
        @Override
        protected void completed(TaskCell<?> task) {
            forget(task);
        }
    }

    private void forget(TaskCell<?> task) {
        live.remove(task);
        if (shutdown) {
            synchronized (ended) {
                ended.notifyAll();
            }
        }
    }

    @Override
    public void shutdown() {
        shutdown = true;
    }

    /** Returns an empty list: what had not started is cancelled, and its handle says so. */
    @Override
    public List<Runnable> shutdownNow() {
        shutdown();
        stopped = true;
        for (TaskCell<?> task : new ArrayList<>(live)) {
            task.abort("the executor was shut down");
        }
        return List.of();
    }

    @Override
    public final boolean isShutdown() {
        return shutdown;
    }

    @Override
    public boolean isTerminated() {
        return shutdown && live.isEmpty();
    }

    @Override
    public final boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        long deadline = System.nanoTime() + unit.toNanos(timeout);
        synchronized (ended) {
            while (!isTerminated()) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                // Looks again at least ten times a second, for shutdown() itself tells nobody.
                TimeUnit.NANOSECONDS.timedWait(ended, Math.min(left, 100_000_000));
            }
        }
        return true;
    }
}
