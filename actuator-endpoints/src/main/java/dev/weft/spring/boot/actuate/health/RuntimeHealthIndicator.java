/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.actuate.health;

import dev.weft.WeftRuntime;
import dev.weft.spring.RuntimeLifecycle;
import dev.weft.spring.RuntimePhase;
import java.util.Locale;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * Tells where a runtime is in its life. Stalls and saturation are meters, not health: restarting the application would
 * not cure them.
 */
public final class RuntimeHealthIndicator extends AbstractHealthIndicator {

    private final WeftRuntime runtime;
    private final RuntimeLifecycle lifecycle;

    /** Creates the indicator of one runtime. */
    public RuntimeHealthIndicator(WeftRuntime runtime, RuntimeLifecycle lifecycle) {
        super("Runtime health check failed");
        this.runtime = runtime;
        this.lifecycle = lifecycle;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        RuntimePhase phase = lifecycle.phase(runtime);
        builder.status(status(phase))
                .withDetail("name", runtime.name())
                .withDetail("mode", lowerCase(runtime.mode()))
                .withDetail("modeReason", runtime.modeReason())
                .withDetail("state", lowerCase(phase));
    }

    private static Status status(RuntimePhase phase) {
        return switch (phase) {
            case RUNNING -> Status.UP;
            case DRAINING, STOPPING, STOPPED -> Status.OUT_OF_SERVICE;
            // The context closes its runtimes when nobody can ask any more, so somebody else did.
            case CLOSED -> Status.DOWN;
        };
    }

    private static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
