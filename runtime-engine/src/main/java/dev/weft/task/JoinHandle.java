/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.task;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * What {@code spawn} returns: the right to wait for a task, and to abort it.
 *
 * <p>Thread-safe. Dropping a handle detaches the task, it never cancels it. A failure that is never asked for through
 * a handle is reported by the runtime's uncaught handler.
 *
 * <p>As a {@link Future}: {@link #isDone()} is true only when the body has unwound, so a successful
 * {@link #cancel(boolean)} may still be followed by {@code isDone() == false} for a while, and {@code cancel} delivers
 * an interrupt whatever its argument.
 *
 * @param <T> what the task returns
 */
public interface JoinHandle<T extends @Nullable Object> extends Future<T>, AbortHandle {

    /**
     * Waits for the task. Suspends the calling task, or blocks the calling thread.
     *
     * @return what the body returned
     * @throws InterruptedException when the <em>caller</em> is interrupted or aborted; the joined task goes on
     * @throws TaskFailedException with the body's exception as cause
     * @throws TaskCancelledException when the task was aborted
     * @throws IllegalStateException when a task joins itself
     */
    T join() throws InterruptedException;

    /** Returns a handle that can abort this task and not join it. */
    AbortHandle abortHandle();

    /** Returns the task's name, or null when it has none. */
    @Nullable String name();

    /**
     * Returns a future that completes as the task does, and whose cancellation aborts the task.
     *
     * <p>A failure arrives as the body's own exception.
     */
    CompletableFuture<T> toCompletableFuture();

    /**
     * Returns a handle of work that is already done.
     *
     * @param value what {@link #join()} returns
     */
    static <T extends @Nullable Object> JoinHandle<T> completed(T value) {
        return new CompletedHandle<>(value);
    }
}
