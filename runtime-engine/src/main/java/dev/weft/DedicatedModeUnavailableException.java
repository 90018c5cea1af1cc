/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@link Mode#DEDICATED} was asked for in a JVM that does not allow it, or in which its self-test failed. */
public final class DedicatedModeUnavailableException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    private final String reason;
    private final @Nullable String recipe;

    DedicatedModeUnavailableException(String reason, @Nullable String recipe) {
        super("mode 'dedicated' is not available: " + reason
                + (recipe == null ? ". Or" : ". Remedy: " + recipe + "; or")
                + " use mode 'auto', which falls back to 'shared'");
        this.reason = reason;
        this.recipe = recipe;
    }

    /** Returns why it is not available. */
    public String reason() {
        return reason;
    }

    /** Returns what to add, for the way this JVM was started; nothing where that is added and something else is wrong. */
    public Optional<String> recipe() {
        return Optional.ofNullable(recipe);
    }
}
