/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.actuate.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.spring.RuntimeLifecycle;
import dev.weft.spring.WeftRuntimes;
import dev.weft.spring.boot.actuate.endpoint.WeftBlockingEndpoint;
import dev.weft.spring.boot.actuate.endpoint.WeftEndpoint;
import dev.weft.spring.boot.actuate.endpoint.WeftShutdownEndpoint;
import dev.weft.spring.boot.actuate.endpoint.WeftTasksEndpoint;
import dev.weft.spring.boot.actuate.health.RuntimeHealthIndicator;
import dev.weft.spring.boot.actuate.metrics.RuntimeMeters;
import dev.weft.spring.boot.autoconfigure.WeftAutoConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Timeout(60)
class ActuatorAutoConfigurationTests {

    private static final Class<?>[] ENDPOINTS = {
        WeftEndpoint.class, WeftTasksEndpoint.class, WeftBlockingEndpoint.class, WeftShutdownEndpoint.class
    };

    private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    WeftAutoConfiguration.class,
                    WeftEndpointAutoConfiguration.class,
                    WeftHealthContributorAutoConfiguration.class,
                    WeftMetricsAutoConfiguration.class));

    private final ApplicationContextRunner exposed = contextRunner
            .withPropertyValues("management.endpoints.web.exposure.include=*");

    @Test
    void endpointsAreAbsentUnlessExposed() {
        contextRunner.run(context -> {
            for (Class<?> endpoint : ENDPOINTS) {
                assertThat(context).doesNotHaveBean(endpoint);
            }
        });
    }

    @Test
    void endpointsArePresentWhenExposed() {
        exposed.run(context -> {
            for (Class<?> endpoint : ENDPOINTS) {
                assertThat(context).hasSingleBean(endpoint);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"weft", "wefttasks", "weftblocking", "weftshutdown"})
    void eachEndpointIsExposedByItself(String id) {
        contextRunner.withPropertyValues("management.endpoints.web.exposure.include=" + id).run(context -> {
            assertThat(context).hasBean(switch (id) {
                case "weft" -> "weftEndpoint";
                case "wefttasks" -> "weftTasksEndpoint";
                case "weftblocking" -> "weftBlockingEndpoint";
                default -> "weftShutdownEndpoint";
            });
            assertThat(context.getBeanFactory().getBeanNamesForAnnotation(
                    org.springframework.boot.actuate.endpoint.annotation.Endpoint.class))
                    .hasSize(1);
        });
    }

    @Test
    void endpointsAreAbsentWithoutAccess() {
        exposed.withPropertyValues("management.endpoint.weft.access=NONE")
                .run(context -> assertThat(context)
                        .doesNotHaveBean(WeftEndpoint.class)
                        .hasSingleBean(WeftTasksEndpoint.class));
    }

    @Test
    void everythingIsAbsentWhenWeftIsDisabled() {
        exposed.withPropertyValues("weft.enabled=false")
                .withUserConfiguration(Registry.class)
                .run(context -> {
                    for (Class<?> endpoint : ENDPOINTS) {
                        assertThat(context).doesNotHaveBean(endpoint);
                    }
                    assertThat(context).doesNotHaveBean(RuntimeMeters.class);
                    assertThat(context).doesNotHaveBean(HealthContributor.class);
                });
    }

    @Test
    void everythingIsAbsentWithoutActuator() {
        // The annotations of optional modules must stay, since this class path has them; an application without them, and
        // without Actuator, is tested by the starter.
        exposed.withClassLoader(new FilteredClassLoader(
                ConditionalOnAvailableEndpoint.class, HealthContributor.class, MeterRegistry.class))
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context).hasSingleBean(WeftRuntimes.class);
                    assertThat(context).doesNotHaveBean("weftEndpoint");
                    assertThat(context).doesNotHaveBean("weftHealthContributor");
                    assertThat(context).doesNotHaveBean("weftRuntimeMeters");
                });
    }

    @Test
    void endpointsBackOffForUsersBeans() {
        exposed.withUserConfiguration(OwnEndpoint.class)
                .run(context -> assertThat(context).getBeanNames(WeftEndpoint.class).containsExactly("mine"));
    }

    @Test
    void oneRuntimeHasOneHealthIndicator() {
        contextRunner.run(context -> assertThat(context.getBean("weftHealthContributor"))
                .isInstanceOf(RuntimeHealthIndicator.class));
    }

    @Test
    void severalRuntimesHaveOneHealthIndicatorEach() {
        contextRunner.withPropertyValues("weft.runtimes.reports.worker-threads=1").run(context -> {
            CompositeHealthContributor composite = context.getBean("weftHealthContributor",
                    CompositeHealthContributor.class);
            assertThat(composite.stream().map(entry -> entry.name())).containsExactlyInAnyOrder("main", "reports");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"management.health.weft.enabled=false", "management.health.defaults.enabled=false"})
    void healthCanBeDisabled(String property) {
        contextRunner.withPropertyValues(property)
                .run(context -> assertThat(context).doesNotHaveBean(HealthContributor.class));
    }

    @Test
    void healthBacksOffForUsersIndicator() {
        contextRunner.withBean("weftHealthIndicator", HealthIndicator.class, () -> () -> Health.up().build())
                .run(context -> assertThat(context)
                        .getBeanNames(HealthContributor.class)
                        .containsExactly("weftHealthIndicator"));
    }

    @Test
    void metersNeedARegistry() {
        contextRunner.run(context -> assertThat(context).doesNotHaveBean(RuntimeMeters.class));
        contextRunner.withUserConfiguration(Registry.class)
                .run(context -> assertThat(context).hasSingleBean(RuntimeMeters.class));
    }

    @Test
    void metersBackOffForUsersBinder() {
        contextRunner.withUserConfiguration(Registry.class)
                .withBean("mine", RuntimeMeters.class, () -> new RuntimeMeters(new WeftRuntimes(java.util.List.of())))
                .run(context -> assertThat(context).getBeanNames(RuntimeMeters.class).containsExactly("mine"));
    }

    @Configuration(proxyBeanMethods = false)
    static class Registry {
        @Bean
        MeterRegistry registry() {
            return new SimpleMeterRegistry();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnEndpoint {
        @Bean
        WeftEndpoint mine(WeftRuntimes runtimes, RuntimeLifecycle lifecycle) {
            return new WeftEndpoint(runtimes, lifecycle);
        }
    }
}
