/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.port;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where library code finds the runtime it runs in. Thread-safe. */
public final class Ports {

    // Written once, before the first runtime can hand work to anybody; a stale null means "no runtime", which is right.
    private static Supplier<@Nullable ContextPort> lookup = () -> null;

    private Ports() {}

    /** Plugs the engine in. */
    public static void install(Supplier<@Nullable ContextPort> lookup) {
        Ports.lookup = lookup;
    }

    /** Returns the caller's context, or null on a thread that is in no runtime. */
    public static @Nullable ContextPort current() {
        return lookup.get();
    }

    /**
     * Returns the caller's context.
     *
     * @param operation what the message calls the operation
     * @throws IllegalStateException outside any runtime
     */
    public static ContextPort require(String operation) {
        ContextPort context = lookup.get();
        if (context == null) {
            throw outsideOfRuntime(operation);
        }
        return context;
    }

    /** Returns the exception for an operation that needs a runtime and found none. */
    public static IllegalStateException outsideOfRuntime(String operation) {
        return new IllegalStateException(operation + " was called on thread '"
                + Thread.currentThread().getName()
                + "', which is in no Weft runtime. Use runtime.spawn(..) or runtime.blockOn(..), or enter a runtime"
                + " on this thread with try (var entered = runtime.enter()) { .. }");
    }

    /** Returns the exception that fits an interrupt which the caller has just consumed. */
    public static InterruptedException interruption() {
        ContextPort context = lookup.get();
        return context == null ? new InterruptedException() : context.interruption();
    }
}
