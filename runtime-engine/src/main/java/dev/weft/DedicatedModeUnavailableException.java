/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

/** {@link Mode#DEDICATED} was asked for in a JVM that does not allow it. */
public final class DedicatedModeUnavailableException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    private final String reason;
    private final String recipe;

    DedicatedModeUnavailableException(String reason, String recipe) {
        super("mode 'dedicated' is not available: " + reason + ". Remedy: " + recipe
                + "; or use mode 'auto', which falls back to 'shared'");
        this.reason = reason;
        this.recipe = recipe;
    }

    /** Returns why it is not available. */
    public String reason() {
        return reason;
    }

    /** Returns what to add, for the way this JVM was started. */
    public String recipe() {
        return recipe;
    }
}
