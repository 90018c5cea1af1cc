/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.autoconfigure;

import dev.weft.WeftRuntime;
import dev.weft.spring.RuntimeLifecycle;
import dev.weft.spring.TaskSpawner;
import dev.weft.spring.WeftRuntimes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.autoconfigure.context.LifecycleProperties;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * Auto-configuration of the application's runtime, of the ones named in {@code weft.runtimes}, and of what starts
 * tasks on them and drains them.
 */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "weft.enabled", matchIfMissing = true)
@EnableConfigurationProperties(WeftProperties.class)
@Import(NamedRuntimesRegistrar.class)
public final class WeftAutoConfiguration {

    /** Created by Spring. */
    public WeftAutoConfiguration() {}

    @Bean(RuntimeFactory.BEAN_NAME)
    @ConditionalOnMissingBean
    RuntimeFactory weftRuntimeFactory(WeftProperties properties, ObjectProvider<WeftRuntimeCustomizer> customizers) {
        return new RuntimeFactory(properties, customizers.orderedStream().toList());
    }

    /** Closed by the factory, which is destroyed after everything that may still use the runtime. */
    @Bean(destroyMethod = "")
    @Qualifier(WeftRuntimes.MAIN)
    @ConditionalOnMissingBean
    WeftRuntime weftRuntime(RuntimeFactory factory) {
        return factory.main();
    }

    @Bean
    @Qualifier(WeftRuntimes.MAIN)
    @ConditionalOnSingleCandidate(WeftRuntime.class)
    @ConditionalOnMissingBean
    TaskSpawner mainTaskSpawner(WeftRuntime runtime) {
        return TaskSpawner.of(runtime);
    }

    /**
     * For {@code @Async("weftTaskExecutor")} and the like.
     *
     * <p>Not a default candidate, so that neither Boot's {@code applicationTaskExecutor} nor injection by type notices
     * it. Not a {@code TaskExecutor} either: {@code @Async} asks the bean factory for one by type and would find this
     * one in an application whose own executor is a plain {@code ExecutorService}.
     */
    @Bean(defaultCandidate = false)
    @ConditionalOnSingleCandidate(TaskSpawner.class)
    @ConditionalOnMissingBean(name = "weftTaskExecutor")
    Executor weftTaskExecutor(TaskSpawner spawner) {
        return new NamedExecutor(spawner);
    }

    @Bean
    @ConditionalOnMissingBean
    WeftRuntimes weftRuntimes(ListableBeanFactory beanFactory, ObjectProvider<WeftRuntime> own) {
        List<WeftRuntime> runtimes = new ArrayList<>(own.orderedStream().toList());
        beanFactory.getBeansOfType(WeftRuntime.class).values().stream()
                .filter(runtime -> !runtimes.contains(runtime))
                .forEach(runtimes::add);
        return new WeftRuntimes(runtimes);
    }

    @Bean
    @ConditionalOnMissingBean
    RuntimeLifecycle weftRuntimeLifecycle(
            WeftRuntimes runtimes,
            ApplicationEventPublisher publisher,
            ObjectProvider<ApplicationAvailability> availability) {
        return new RuntimeLifecycle(runtimes, publisher, availability.getIfAvailable());
    }

    @Bean
    ShutdownPhaseTimeout weftShutdownPhaseTimeout(
            RuntimeLifecycle lifecycle, ObjectProvider<LifecycleProperties> properties) {
        return new ShutdownPhaseTimeout(lifecycle, properties.getIfAvailable());
    }

    private record NamedExecutor(TaskSpawner spawner) implements Executor {

        @Override
        public void execute(Runnable command) {
            spawner.asExecutor().execute(command);
        }
    }
}
