/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.autoconfigure;

import dev.weft.WeftRuntime;

/**
 * Changes how a runtime is built, after the properties have been applied. Beans of this type are called in their
 * order, once for each runtime that is configured by properties.
 */
@FunctionalInterface
public interface WeftRuntimeCustomizer {

    /**
     * Changes the builder.
     *
     * @param name the runtime's name, {@code main} for the application's own
     * @param builder what builds it
     */
    void customize(String name, WeftRuntime.Builder builder);
}
