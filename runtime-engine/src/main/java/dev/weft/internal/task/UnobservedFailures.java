/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.task;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Finds failures that nobody ever asks for: the task's handle became unreachable, or its runtime closed, while the
 * failure was still unread. Thread-safe.
 */
public final class UnobservedFailures {

    /*
     * Only a failed task comes here, so a task that ends well pays nothing. The watch holds the
     * failure, and the task by a phantom reference only; whoever is told of the failure removes the watch. A task
     * that is reported from a watch whose handle is gone has no cell any more, hence the label taken at the start.
     *
     * Who looks: sweep() is called by the monitor while anything is watched, and at the runtime's close.
     */

    private static final ReferenceQueue<TaskCell<?>> UNREACHABLE = new ReferenceQueue<>();
    private static final ConcurrentHashMap<Long, Watch> WATCHES = new ConcurrentHashMap<>();

    private static final class Watch extends PhantomReference<TaskCell<?>> {
        final long id;
        final @Nullable String name;
        final WeakReference<TaskHost> host;
        final Throwable failure;

        Watch(TaskCell<?> task, TaskHost host, Throwable failure) {
            super(task, UNREACHABLE);
            this.id = task.id();
            this.name = task.name();
            this.host = new WeakReference<>(host);
            this.failure = failure;
        }
    }

    private UnobservedFailures() {}

    static void watch(TaskCell<?> task, TaskHost host, Throwable failure) {
        WATCHES.put(task.id(), new Watch(task, host, failure));
        if (task.isObserved()) {
            observed(task); // read between the task's end and the line above
        }
        Reference.reachabilityFence(task);
    }

    /** Somebody read the failure. */
    static void observed(TaskCell<?> task) {
        if (!WATCHES.isEmpty()) {
            WATCHES.remove(task.id());
        }
    }

    /** Returns whether a failure waits to be read. */
    public static boolean isWatching() {
        return !WATCHES.isEmpty();
    }

    /** Reports failures whose handles are gone, each on what {@code executor} provides. */
    public static void sweep(Executor executor) {
        for (Reference<?> gone; (gone = UNREACHABLE.poll()) != null;) {
            Watch watch = (Watch) gone;
            executor.execute(() -> report(watch));
        }
    }

    /** Reports every unread failure of a runtime that closes. */
    public static void close(TaskHost host) {
        for (Watch watch : WATCHES.values()) {
            if (watch.host.get() == host) {
                report(watch);
            }
        }
    }

    private static void report(Watch watch) {
        TaskHost host = watch.host.get();
        if (WATCHES.remove(watch.id, watch) && host != null) {
            host.uncaught(watch.id, watch.name, watch.failure);
        }
    }
}
