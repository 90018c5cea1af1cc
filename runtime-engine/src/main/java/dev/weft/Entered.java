/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import dev.weft.internal.context.Contexts;
import dev.weft.internal.context.TaskContext;
import org.jspecify.annotations.Nullable;

/** The stay of a thread in a runtime, begun by {@link WeftRuntime#enter()}. Closed on the same thread; a second close does nothing. */
public final class Entered implements AutoCloseable {

    private final Thread thread = Thread.currentThread();
    private final Runnable leave;
    private boolean closed;

    private Entered(Runnable leave) {
        this.leave = leave;
    }

    static Entered foreign(TaskContext context) {
        @Nullable TaskContext before = Contexts.setLocal(context);
        return new Entered(() -> Contexts.setLocal(before));
    }

    static Entered redirected(TaskContext context, RuntimeCore other) {
        var before = context.entered();
        context.entered(other);
        return new Entered(() -> context.entered(before));
    }

    @Override
    public void close() {
        if (Thread.currentThread() != thread) {
            throw new IllegalStateException("entered on thread '" + thread.getName() + "' but closed on '"
                    + Thread.currentThread().getName() + "'. Use try (var entered = runtime.enter()) { .. }");
        }
        if (!closed) {
            closed = true;
            leave.run();
        }
    }
}
