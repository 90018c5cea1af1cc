/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import dev.weft.internal.task.TaskCell;
import dev.weft.task.JoinHandle;
import dev.weft.task.TaskAction;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Describes a task before it is spawned. May be used for several tasks. Not thread-safe.
 *
 * <p>The {@code spawn} methods are those of {@link WeftRuntime}.
 */
public final class TaskBuilder {

    private final RuntimeCore core;
    private final String name;
    private final Map<String, String> tags = new LinkedHashMap<>();
    private boolean ownThread;

    TaskBuilder(RuntimeCore core, String name) {
        this.core = core;
        this.name = Objects.requireNonNull(name, "name");
    }

    /** Adds a tag, to be read in task lists, listeners and events. */
    public TaskBuilder tag(String key, String value) {
        tags.put(Objects.requireNonNull(key, "key"), Objects.requireNonNull(value, "value"));
        return this;
    }

    /**
     * Gives the task a thread that no other task ever uses, for code that relies on thread identity: one that keys maps
     * by thread, keeps threads to interrupt or join them later, or leaves locks held.
     */
    public TaskBuilder ownThread() {
        ownThread = true;
        return this;
    }

    /** Spawns a task; see {@link WeftRuntime#spawn(Callable)}. */
    public <T extends @Nullable Object> JoinHandle<T> spawn(Callable<? extends T> body) {
        TaskCell<T> task = describe(core.newTask(body));
        if (ownThread) {
            task.needOwnThread();
        }
        return core.submit(task);
    }

    /** Spawns a task; see {@link WeftRuntime#spawn(TaskAction)}. */
    public JoinHandle<@Nullable Void> spawn(TaskAction body) {
        return spawn(RuntimeCore.callable(body));
    }

    /** Runs blocking work; see {@link WeftRuntime#spawnBlocking(Callable)}. */
    public <T extends @Nullable Object> JoinHandle<T> spawnBlocking(Callable<? extends T> body) {
        return core.submitBlocking(describe(core.newTask(body)));
    }

    /** Runs blocking work; see {@link WeftRuntime#spawnBlocking(TaskAction)}. */
    public JoinHandle<@Nullable Void> spawnBlocking(TaskAction body) {
        return spawnBlocking(RuntimeCore.callable(body));
    }

    private <T extends @Nullable Object> TaskCell<T> describe(TaskCell<T> task) {
        task.describe(name, Map.copyOf(tags));
        return task;
    }
}
