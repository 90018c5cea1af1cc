/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.context;

import dev.weft.internal.task.TaskCell;
import org.jspecify.annotations.Nullable;

/** The context of a thread that the scheduler does not carry: entered by hand, a guest, or one that runs whole tasks. */
public final class ForeignContext extends TaskContext {

    private final Thread thread = Thread.currentThread();

    /** Makes the context of the calling thread. */
    public ForeignContext(RuntimeHost host) {
        super(host);
    }

    @Override
    public Thread thread() {
        return thread;
    }

    /**
     * Runs a task from claim to completion on the calling thread, as this context.
     *
     * <p>The thread's context class loader is the task's during the run and the one before afterwards; its interrupt
     * status is clear at both ends, except that an interrupt which was pending at the start is pending again.
     *
     * @return false when the task was aborted or claimed by somebody else, and did not run here
     */
    public boolean run(TaskCell<?> task) {
        if (!task.tryStart()) {
            return false;
        }
        boolean interrupted = Thread.interrupted();
        TaskCell<?> outer = task();
        Object outerDeadline = deadlineScope();
        RuntimeHost outerEntered = entered();
        @Nullable TaskContext before = Contexts.setLocal(this);
        @Nullable ClassLoader loader = thread.getContextClassLoader();
        reset();
        task(task);
        task.publishRunner(thread);
        if (loader != task.loader()) {
            thread.setContextClassLoader(task.loader());
        }
        task.runBody();
        task(outer);
        deadlineScope(outerDeadline);
        entered(outerEntered);
        thread.setContextClassLoader(loader);
        Contexts.setLocal(before);
        clearInterrupt(); // whatever was sent was meant for the task, which is over
        if (interrupted) {
            thread.interrupt();
        }
        return true;
    }

    @Override
    protected boolean runLent(TaskCell<?> other) {
        return new ForeignContext((RuntimeHost) other.host()).run(other);
    }

    @SuppressWarnings("ResultOfMethodCallIgnored")
    private static void clearInterrupt() {
        Thread.interrupted();
    }
}
