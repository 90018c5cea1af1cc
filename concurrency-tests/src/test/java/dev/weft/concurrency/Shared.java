/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.concurrency;

import org.jspecify.annotations.Nullable;

/**
 * Says what threads share in {@code Lincheck.runConcurrentTest}.
 *
 * <p>Lincheck takes an object that reaches another thread through a lambda alone for local, never switches threads at
 * it, and so passes any fault. What was once in a static field counts as shared.
 */
public final class Shared {

    @SuppressWarnings("unused") // for Lincheck to see
    private static @Nullable Object last;

    private Shared() {
    }

    /** Returns the object, from now on shared. */
    public static <T> T shared(T object) {
        last = object;
        return object;
    }
}
