/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring;

import dev.weft.TaskBuilder;
import dev.weft.WeftRuntime;
import dev.weft.scope.JoinSet;
import dev.weft.task.JoinHandle;
import dev.weft.task.TaskAction;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.core.task.AsyncTaskExecutor;

/**
 * Starts tasks on one runtime of the application.
 *
 * <p>Injected by type it is the application's own runtime, {@code weft.runtime.*}. A runtime from
 * {@code weft.runtimes.<name>.*} has a spawner of its own, injected with {@code @Qualifier("<name>")}.
 *
 * <p>Thread-safe. While the runtime has a limit and is full, {@code when-full} decides: spawning waits, or throws
 * {@link java.util.concurrent.RejectedExecutionException}, or runs the body itself. Otherwise it returns at once.
 *
 * <p>It goes on working while the application context is paused or stopping. Once the runtime is closed, which is when
 * the context is destroyed, {@code spawn} returns a handle that is already cancelled and the executor view rejects.
 *
 * <p>Bodies are lambdas. A method reference to an overloaded method is ambiguous, and a variable of type
 * {@link Runnable} is passed as {@code r::run}.
 */
public interface TaskSpawner {

    /**
     * Starts a task that returns something.
     *
     * @param body what the task runs
     * @return the right to wait for it and to abort it; dropping the handle detaches the task
     */
    <T extends @Nullable Object> JoinHandle<T> spawn(Callable<? extends T> body);

    /**
     * Starts a task that returns nothing.
     *
     * @param body what the task runs
     * @return the right to wait for it and to abort it; dropping the handle detaches the task
     */
    JoinHandle<@Nullable Void> spawn(TaskAction body);

    /**
     * Runs something on a platform thread of the blocking pool: CPU-bound or native work that would hold up a worker.
     *
     * @param body what the thread runs
     * @return the right to wait for it and to abort it
     */
    <T extends @Nullable Object> JoinHandle<T> spawnBlocking(Callable<? extends T> body);

    /**
     * Runs something on a platform thread of the blocking pool: CPU-bound or native work that would hold up a worker.
     *
     * @param body what the thread runs
     * @return the right to wait for it and to abort it
     */
    JoinHandle<@Nullable Void> spawnBlocking(TaskAction body);

    /**
     * Starts building a task that has a name, and perhaps tags or a thread of its own.
     *
     * @param name what task lists, dumps and logs call it
     */
    TaskBuilder named(String name);

    /**
     * Opens a set of tasks on this runtime. Closing it aborts what still runs.
     *
     * @param <T> what the tasks return
     */
    <T extends @Nullable Object> JoinSet<T> joinSet();

    /** Returns the runtime that the tasks run on. */
    WeftRuntime runtime();

    /**
     * Returns a Spring executor that starts a task for whatever it is given, for APIs that ask for one.
     *
     * <p>It rejects with {@link org.springframework.core.task.TaskRejectedException}, when the runtime is closed or
     * full. Shutting it down is not possible and never needed.
     */
    AsyncTaskExecutor asExecutor();

    /**
     * Returns a spawner for a runtime.
     *
     * @param runtime where the tasks run
     */
    static TaskSpawner of(WeftRuntime runtime) {
        return new RuntimeTaskSpawner(runtime);
    }
}
