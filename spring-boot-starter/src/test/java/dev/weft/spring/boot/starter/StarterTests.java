/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.starter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.spring.TaskSpawner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.ClassUtils;

/** An application that has the starter and nothing else. */
@SpringBootTest(properties = "management.endpoints.web.exposure.include=*")
@Timeout(60)
class StarterTests {

    @Autowired
    private ApplicationContext context;

    @Test
    void isEnoughToRun() throws Exception {
        assertThat(context.getBean(TaskSpawner.class).spawn(() -> "ran").join()).isEqualTo("ran");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "org.springframework.boot.actuate.endpoint.annotation.Endpoint",
                "org.springframework.boot.health.contributor.Health",
                "io.micrometer.core.instrument.MeterRegistry",
                "org.springframework.web.servlet.DispatcherServlet"
            })
    void bringsNothingThatTheApplicationDidNotAskFor(String className) {
        assertThat(ClassUtils.isPresent(className, getClass().getClassLoader())).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"weftEndpoint", "weftHealthContributor", "weftRuntimeMeters"})
    void endpointsHealthAndMetersAwaitActuator(String bean) {
        assertThat(context.containsBean(bean)).isFalse();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}
}
