/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.task;

import org.jspecify.annotations.Nullable;

/**
 * Work that runs at once on the caller's own task, and whose exception type the compiler carries through.
 *
 * @param <R> what it returns
 * @param <X> what it may throw besides {@link InterruptedException}
 */
@FunctionalInterface
public interface Op<R extends @Nullable Object, X extends Exception> {

    /** Does the work. */
    R run() throws X, InterruptedException;

    /**
     * The same without a result.
     *
     * @param <X> what it may throw besides {@link InterruptedException}
     */
    @FunctionalInterface
    interface Void<X extends Exception> {

        /** Does the work. */
        void run() throws X, InterruptedException;
    }
}
