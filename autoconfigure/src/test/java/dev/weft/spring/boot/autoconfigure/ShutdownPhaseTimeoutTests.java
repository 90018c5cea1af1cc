/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.spring.RuntimeLifecycle;
import dev.weft.spring.TaskSpawner;
import dev.weft.task.JoinHandle;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.support.DefaultLifecycleProcessor;
import org.springframework.test.util.ReflectionTestUtils;

@Timeout(60)
class ShutdownPhaseTimeoutTests {

    private final ApplicationContextRunner plain = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(WeftAutoConfiguration.class));

    private final ApplicationContextRunner withBootsLifecycle = plain
            .withConfiguration(AutoConfigurations.of(LifecycleAutoConfiguration.class));

    @Test
    void theDefaultsOfBootAreLongEnough() {
        withBootsLifecycle.run(context -> assertThat(timeouts(context)).isEmpty());
    }

    @Test
    void longerPeriodsRaiseTheTimeoutOfThePhase() {
        withBootsLifecycle
                .withPropertyValues("weft.runtime.shutdown.grace-period=40s")
                .run(context -> assertThat(timeouts(context)).containsOnly(Map.entry(RuntimeLifecycle.PHASE, 46_000L)));
    }

    @Test
    void theTimeoutOfTheFrameworkIsRaisedWhenBootsIsAbsent() {
        plain.run(context -> assertThat(timeouts(context)).containsOnly(Map.entry(RuntimeLifecycle.PHASE, 26_000L)));
    }

    @Test
    void anotherLifecycleProcessorIsLeftAlone() {
        plain.withBean("lifecycleProcessor", OwnLifecycleProcessor.class)
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void tasksGetTheirGracePeriodWhenThePhaseIsShorter() {
        AtomicReference<JoinHandle<String>> task = new AtomicReference<>();
        withBootsLifecycle
                .withPropertyValues("spring.lifecycle.timeout-per-shutdown-phase=100ms")
                .run(context -> task.set(context.getBean(TaskSpawner.class).spawn(() -> {
                    Thread.sleep(700);
                    return "finished";
                })));
        assertThat(task.get().resultNow()).isEqualTo("finished");
    }

    @SuppressWarnings("unchecked")
    private static Map<Integer, Long> timeouts(ApplicationContext context) {
        return (Map<Integer, Long>) ReflectionTestUtils.getField(
                context.getBean(DefaultLifecycleProcessor.class), "timeoutsForShutdownPhases");
    }

    static class OwnLifecycleProcessor implements org.springframework.context.LifecycleProcessor {

        @Override
        public void onRefresh() {}

        @Override
        public void onClose() {}

        @Override
        public void start() {}

        @Override
        public void stop() {}

        @Override
        public boolean isRunning() {
            return false;
        }
    }
}
