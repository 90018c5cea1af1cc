/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.autoconfigure;

import dev.weft.WeftRuntime.Builder;
import dev.weft.spring.boot.autoconfigure.WeftProperties.Runtime;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One property of a runtime, and the builder method that it sets.
 *
 * @param key the property below the runtime's prefix
 * @param builderMethod the method's name, as the builder's exceptions spell it
 * @param value reads the property; null means that the builder's own default stays
 * @param setter calls the method
 */
record RuntimeProperty<T>(
        String key, String builderMethod, Function<Runtime, @Nullable T> value, BiConsumer<Builder, T> setter) {

    private static final List<RuntimeProperty<?>> ALL = List.of(
            new RuntimeProperty<>("mode", "mode", Runtime::mode, Builder::mode),
            new RuntimeProperty<>("worker-threads", "workerThreads", Runtime::workerThreads, Builder::workerThreads),
            new RuntimeProperty<>("stall-threshold", "stallThreshold", Runtime::stallThreshold,
                    Builder::stallThreshold),
            new RuntimeProperty<>(
                    "max-spare-workers", "maxSpareWorkers", Runtime::maxSpareWorkers, Builder::maxSpareWorkers),
            new RuntimeProperty<>(
                    "max-concurrent-tasks",
                    "maxConcurrentTasks",
                    Runtime::maxConcurrentTasks,
                    Builder::maxConcurrentTasks),
            new RuntimeProperty<>("queue-capacity", "queueCapacity", Runtime::queueCapacity, Builder::queueCapacity),
            new RuntimeProperty<>("wait-timeout", "waitTimeout", Runtime::waitTimeout, Builder::waitTimeout),
            new RuntimeProperty<>("when-full", "whenFull", Runtime::whenFull, Builder::whenFull),
            new RuntimeProperty<>("keep-alive", "keepAlive", Runtime::keepAlive, Builder::keepAlive),
            new RuntimeProperty<>("socket-pollers", "socketPollers", Runtime::socketPollers, Builder::socketPollers),
            new RuntimeProperty<>(
                    "blocking.max-threads",
                    "blockingMaxThreads",
                    runtime -> runtime.blocking().maxThreads(),
                    Builder::blockingMaxThreads),
            new RuntimeProperty<>(
                    "blocking.keep-alive",
                    "blockingKeepAlive",
                    runtime -> runtime.blocking().keepAlive(),
                    Builder::blockingKeepAlive),
            new RuntimeProperty<>(
                    "blocking.queue-capacity",
                    "blockingQueueCapacity",
                    runtime -> runtime.blocking().queueCapacity(),
                    Builder::blockingQueueCapacity),
            new RuntimeProperty<>(
                    "blocking.when-full",
                    "blockingWhenFull",
                    runtime -> runtime.blocking().whenFull(),
                    Builder::blockingWhenFull),
            new RuntimeProperty<>(
                    "blocking.wait-timeout",
                    "blockingWaitTimeout",
                    runtime -> runtime.blocking().waitTimeout(),
                    Builder::blockingWaitTimeout),
            new RuntimeProperty<>(
                    "shutdown.grace-period",
                    "shutdownGracePeriod",
                    runtime -> runtime.shutdown().gracePeriod(),
                    Builder::shutdownGracePeriod),
            new RuntimeProperty<>(
                    "shutdown.abort-period",
                    "shutdownAbortPeriod",
                    runtime -> runtime.shutdown().abortPeriod(),
                    Builder::shutdownAbortPeriod));

    /** Copies all properties to a builder. */
    static void applyAll(Runtime runtime, Builder builder) {
        ALL.forEach(property -> property.apply(runtime, builder));
    }

    /**
     * Finds the property that a builder complained of.
     *
     * @return empty when the complaint is about a value that did not come from the properties
     */
    static Optional<RuntimeProperty<?>> rejected(Runtime runtime, IllegalArgumentException complaint) {
        String message = String.valueOf(complaint.getMessage());
        return ALL.stream()
                .filter(property -> property.isNamedIn(message)
                        && message.contains(" is " + property.text(runtime) + ","))
                .findFirst();
    }

    /** Returns the property's value as the builder's exceptions spell it. */
    String text(Runtime runtime) {
        return String.valueOf(value.apply(runtime));
    }

    private void apply(Runtime runtime, Builder builder) {
        T present = value.apply(runtime);
        if (present != null) {
            setter.accept(builder, present);
        }
    }

    /** Messages begin with the builder method, or with a setting's short name and the property in parentheses. */
    private boolean isNamedIn(String message) {
        return message.contains("(" + key + ")") || message.startsWith(builderMethod + " is ");
    }
}
