/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring;

import dev.weft.Entered;
import dev.weft.TaskBuilder;
import dev.weft.WeftRuntime;
import dev.weft.scope.JoinSet;
import dev.weft.task.JoinHandle;
import dev.weft.task.TaskAction;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.support.TaskExecutorAdapter;

/** Hands everything on to its runtime. */
final class RuntimeTaskSpawner implements TaskSpawner {

    private final WeftRuntime runtime;
    private final AsyncTaskExecutor executor;

    RuntimeTaskSpawner(WeftRuntime runtime) {
        this.runtime = runtime;
        // The adapter turns RejectedExecutionException into Spring's TaskRejectedException.
        executor = new TaskExecutorAdapter(runtime.asExecutorService());
    }

    @Override
    public <T extends @Nullable Object> JoinHandle<T> spawn(Callable<? extends T> body) {
        return runtime.spawn(body);
    }

    @Override
    public JoinHandle<@Nullable Void> spawn(TaskAction body) {
        return runtime.spawn(body);
    }

    @Override
    public <T extends @Nullable Object> JoinHandle<T> spawnBlocking(Callable<? extends T> body) {
        return runtime.spawnBlocking(body);
    }

    @Override
    public JoinHandle<@Nullable Void> spawnBlocking(TaskAction body) {
        return runtime.spawnBlocking(body);
    }

    @Override
    public TaskBuilder named(String name) {
        return runtime.named(name);
    }

    @Override
    public <T extends @Nullable Object> JoinSet<T> joinSet() {
        try (Entered _ = runtime.enter()) {
            return JoinSet.open();
        }
    }

    @Override
    public WeftRuntime runtime() {
        return runtime;
    }

    @Override
    public AsyncTaskExecutor asExecutor() {
        return executor;
    }

    @Override
    public String toString() {
        return "TaskSpawner[" + runtime.name() + "]";
    }
}
