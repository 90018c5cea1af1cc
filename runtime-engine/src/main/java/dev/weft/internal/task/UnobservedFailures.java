/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.task;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentHashMap;
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
     * Who looks: a daemon thread that exists while anything is watched, and the runtime at its close.
     */

    private static final ReferenceQueue<TaskCell<?>> UNREACHABLE = new ReferenceQueue<>();
    private static final ConcurrentHashMap<Long, Watch> WATCHES = new ConcurrentHashMap<>();

    private static final long LOOK_MILLIS = 1000;

    private static @Nullable Thread sweeper; // guarded by the class

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
        ensureSweeper();
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

    /** Reports failures whose handles are gone, until nothing is watched any more. */
    private static void sweep() {
        do {
            try {
                Reference<?> gone = UNREACHABLE.remove(LOOK_MILLIS);
                if (gone != null) {
                    report((Watch) gone);
                }
            } catch (InterruptedException e) {
                continue; // nobody has a reason to interrupt this thread
            }
        } while (!mayEnd());
    }

    private static synchronized boolean mayEnd() {
        if (WATCHES.isEmpty()) {
            sweeper = null;
            return true;
        }
        return false;
    }

    private static synchronized void ensureSweeper() {
        if (sweeper == null) {
            Thread made = Thread.ofPlatform()
                    .daemon()
                    .name("weft-failures")
                    .inheritInheritableThreadLocals(false) // they are those of the task that happens to start it
                    .unstarted(UnobservedFailures::sweep);
            made.setContextClassLoader(null);
            made.start();
            sweeper = made;
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
