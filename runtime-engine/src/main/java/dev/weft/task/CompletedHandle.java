/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.task;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A handle that was born complete. */
record CompletedHandle<T extends @Nullable Object>(T value) implements JoinHandle<T> {

    @Override
    public T join() {
        return value;
    }

    @Override
    public T get() {
        return value;
    }

    @Override
    public T get(long timeout, TimeUnit unit) {
        return value;
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        return false;
    }

    @Override
    public boolean isCancelled() {
        return false;
    }

    @Override
    public boolean isDone() {
        return true;
    }

    @Override
    public boolean abort(String reason) {
        return false;
    }

    @Override
    public AbortHandle abortHandle() {
        return this;
    }

    /** Always 0: no task ever ran. */
    @Override
    public long id() {
        return 0;
    }

    @Override
    public @Nullable String name() {
        return null;
    }

    @Override
    public CompletableFuture<T> toCompletableFuture() {
        return CompletableFuture.completedFuture(value);
    }
}
