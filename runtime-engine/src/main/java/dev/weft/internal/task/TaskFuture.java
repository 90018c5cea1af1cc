/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.task;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A task as a {@code CompletableFuture}; cancelling it aborts the task. */
final class TaskFuture<T extends @Nullable Object> extends CompletableFuture<T> {

    private final TaskCell<T> task;

    private final CompletionWaiter waiter = new CompletionWaiter() {
        @Override
        protected void completed(TaskCell<?> ended) {
            follow();
        }
    };

    TaskFuture(TaskCell<T> task) {
        this.task = task;
    }

    CompletionWaiter waiter() {
        return waiter;
    }

    private void follow() {
        Throwable failure = task.failureOrNull();
        if (failure != null) {
            completeExceptionally(failure);
        } else if (task.isCancelled()) {
            completeExceptionally(new CancellationException(task.abortReason()));
        } else {
            complete(task.resultNow());
        }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        task.abort("cancelled through CompletableFuture.cancel");
        return super.cancel(mayInterruptIfRunning);
    }

    @Override
    public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }
}
