/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import dev.weft.internal.context.Contexts;
import dev.weft.internal.context.TaskContext;
import dev.weft.internal.port.Ports;
import dev.weft.internal.task.TaskCell;
import dev.weft.task.JoinHandle;
import dev.weft.task.Op;
import dev.weft.task.TaskAbortedException;
import dev.weft.task.TaskAction;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * What code inside a task uses: spawns onto the runtime it runs in.
 *
 * <p>Outside of a runtime these methods throw {@link IllegalStateException}, which names {@code runtime.spawn} and
 * {@code runtime.enter()}.
 */
public final class Task {

    private Task() {}

    private static RuntimeCore core(String operation) {
        TaskContext context = Contexts.current();
        if (context == null) {
            throw Ports.outsideOfRuntime(operation);
        }
        return (RuntimeCore) context.runtime();
    }

    /** Spawns a task on the current runtime; see {@link WeftRuntime#spawn(Callable)}. */
    public static <T extends @Nullable Object> JoinHandle<T> spawn(Callable<? extends T> body) {
        return core("Task.spawn").spawn(body);
    }

    /** Spawns a task on the current runtime; see {@link WeftRuntime#spawn(TaskAction)}. */
    public static JoinHandle<@Nullable Void> spawn(TaskAction body) {
        return core("Task.spawn").spawn(body);
    }

    /** Runs blocking work off the workers; see {@link WeftRuntime#spawnBlocking(Callable)}. */
    public static <T extends @Nullable Object> JoinHandle<T> spawnBlocking(Callable<? extends T> body) {
        return core("Task.spawnBlocking").spawnBlocking(body);
    }

    /** Runs blocking work off the workers; see {@link WeftRuntime#spawnBlocking(TaskAction)}. */
    public static JoinHandle<@Nullable Void> spawnBlocking(TaskAction body) {
        return core("Task.spawnBlocking").spawnBlocking(RuntimeCore.callable(body));
    }

    /**
     * Runs work that will block its thread, on this task, after giving the rest of the worker's work to another worker.
     * For work that cannot move to another thread; otherwise {@link #spawnBlocking} is cheaper. The number of workers
     * that can be lent is limited; beyond it the monitor's rescue is what remains. Outside of a task it just runs.
     */
    public static <R extends @Nullable Object, X extends Exception> R blockInPlace(Op<R, X> work)
            throws X, InterruptedException {
        TaskContext context = Contexts.current();
        if (context != null && context.task() != null) {
            ((RuntimeCore) context.host()).aboutToBlock();
        }
        return work.run();
    }

    /**
     * Lets other tasks of this worker run first. Outside of a task this is {@link Thread#yield()}.
     *
     * <p>Not a way to wait for something: in shared mode a few tasks that only yield can keep the JDK's scheduler from
     * ever running what was started elsewhere.
     */
    public static void yieldNow() {
        Thread.yield();
    }

    /**
     * Throws when the current task was asked to stop, or its thread was interrupted. For loops that never suspend.
     *
     * @throws TaskAbortedException when the task was aborted
     */
    public static void checkpoint() throws InterruptedException {
        if (Thread.interrupted()) {
            throw Ports.interruption();
        }
    }

    /** Returns the current task's handle, for its id, name and abort, or nothing outside of a task. */
    public static Optional<JoinHandle<?>> current() {
        TaskContext context = Contexts.current();
        TaskCell<?> task = context == null ? null : context.task();
        return Optional.ofNullable(task);
    }

    /** Begins the description of a task with a name. */
    public static TaskBuilder named(String name) {
        return new TaskBuilder(core("Task.named"), name);
    }
}
