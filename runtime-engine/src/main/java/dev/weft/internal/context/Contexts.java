/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.context;

import dev.weft.internal.jdk.VirtualThreads;
import dev.weft.internal.port.Ports;
import dev.weft.internal.task.TaskCell;
import org.jspecify.annotations.Nullable;

/** Finds the calling thread's context. Thread-safe. */
public final class Contexts {

    /*
     * Where a context can be, in the order of looking:
     *
     *   1. the carrier under the calling virtual thread is ours   -> it knows what it has mounted; a guest (a virtual
     *                                                                thread that user code started) gets a context of
     *                                                                its own on demand
     *   2. the thread's handler slot holds a context              -> a runner that outlived its runtime and goes on
     *                                                                on a JDK carrier
     *   3. a thread-local                                         -> tasks of shared mode, blocking jobs, and foreign
     *                                                                threads inside runtime.enter()
     */

    private static final ThreadLocal<@Nullable TaskContext> LOCAL = new ThreadLocal<>();
    private static final boolean CARRIERS = VirtualThreads.unavailableBecause() == null;

    static {
        Ports.install(Contexts::current);
    }

    private Contexts() {}

    /** Makes the class, and with it the ports, ready. */
    public static void install() {}

    /** Returns the caller's context, or null outside of any runtime. */
    public static @Nullable TaskContext current() {
        Thread current = Thread.currentThread();
        if (CARRIERS && current.isVirtual()) {
            if (VirtualThreads.currentCarrier() instanceof Carrier carrier) {
                TaskContext mounted = carrier.mounted();
                return mounted != null ? mounted : guest(carrier.host());
            }
            if (VirtualThreads.handlerOf(current) instanceof TaskContext context && context.thread() == current) {
                return context;
            }
        }
        return LOCAL.get();
    }

    private static TaskContext guest(RuntimeHost host) {
        TaskContext context = LOCAL.get();
        if (context == null) {
            context = new ForeignContext(host);
            LOCAL.set(context);
        }
        return context;
    }

    /**
     * Runs a fresh task from claim to completion on the calling thread, whatever that is.
     *
     * @return false when it did not run: it was aborted or claimed before, or the calling task is aborted
     */
    public static boolean runOnCaller(RuntimeHost host, TaskCell<?> task) {
        TaskContext caller = current();
        return caller != null && caller.task() != null ? caller.lendTo(task) : new ForeignContext(host).run(task);
    }

    /** Sets the context of a thread that has none by itself; null clears it. Returns the one before. */
    public static @Nullable TaskContext setLocal(@Nullable TaskContext context) {
        TaskContext before = LOCAL.get();
        if (context == null) {
            LOCAL.remove();
        } else {
            LOCAL.set(context);
        }
        return before;
    }
}
