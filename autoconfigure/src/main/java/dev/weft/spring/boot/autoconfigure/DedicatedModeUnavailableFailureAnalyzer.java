/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.autoconfigure;

import dev.weft.DedicatedModeUnavailableException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains why {@code mode: dedicated} could not be had, and what to add. */
final class DedicatedModeUnavailableFailureAnalyzer extends AbstractFailureAnalyzer<DedicatedModeUnavailableException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, DedicatedModeUnavailableException cause) {
        String auto = "set weft.runtime.mode (weft.runtimes.<name>.mode for a named runtime) to 'auto', which falls back to"
                + " the JDK's scheduler.";
        return cause.recipe()
                .map(recipe -> new FailureAnalysis(
                        "A Weft runtime is configured with mode 'dedicated', which this JVM does not allow: "
                                + cause.reason(),
                        "Either add this to the way the application is started:%n%n    %s%n%nor %s".formatted(recipe,
                                auto)
                                + " All recipes: docs/modes.md.",
                        cause))
                .orElseGet(() -> new FailureAnalysis(
                        "A Weft runtime is configured with mode 'dedicated', which could not be had in this JVM: "
                                + cause.reason(),
                        "Start the application again when the machine is less busy, or on a JDK that Weft knows; or "
                                + auto,
                        cause));
    }
}
