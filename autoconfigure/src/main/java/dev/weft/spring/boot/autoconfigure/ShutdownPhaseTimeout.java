/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.autoconfigure;

import dev.weft.spring.RuntimeLifecycle;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.context.LifecycleProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.context.support.DefaultLifecycleProcessor;

/**
 * Gives the phase of {@link RuntimeLifecycle} as much time as the runtimes were promised, when
 * {@code spring.lifecycle.timeout-per-shutdown-phase} is shorter. Otherwise Spring would go on to destroy the beans
 * that draining tasks use.
 */
final class ShutdownPhaseTimeout implements ApplicationListener<ContextRefreshedEvent> {

    /** What {@link DefaultLifecycleProcessor} allows when nobody says otherwise. */
    private static final Duration FRAMEWORK_DEFAULT = Duration.ofSeconds(10);

    /** So that the runtimes report, and not Spring, when the periods run out. */
    private static final Duration SLACK = Duration.ofSeconds(1);

    private final RuntimeLifecycle lifecycle;
    private final @Nullable LifecycleProperties properties;

    ShutdownPhaseTimeout(RuntimeLifecycle lifecycle, @Nullable LifecycleProperties properties) {
        this.lifecycle = lifecycle;
        this.properties = properties;
    }

    @Override
    public void onApplicationEvent(ContextRefreshedEvent event) {
        Duration needed = lifecycle.longestStop().plus(SLACK);
        Duration allowed = properties == null ? FRAMEWORK_DEFAULT : properties.getTimeoutPerShutdownPhase();
        if (needed.compareTo(allowed) > 0
                && processor(event.getApplicationContext()) instanceof DefaultLifecycleProcessor processor) {
            processor.setTimeoutForShutdownPhase(RuntimeLifecycle.PHASE, needed.toMillis());
        }
    }

    private static @Nullable Object processor(ApplicationContext context) {
        String name = AbstractApplicationContext.LIFECYCLE_PROCESSOR_BEAN_NAME;
        return context.containsLocalBean(name) ? context.getBean(name) : null;
    }
}
