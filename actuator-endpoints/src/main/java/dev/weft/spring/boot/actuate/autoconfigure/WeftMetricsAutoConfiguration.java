/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.actuate.autoconfigure;

import dev.weft.spring.WeftRuntimes;
import dev.weft.spring.boot.actuate.metrics.RuntimeMeters;
import dev.weft.spring.boot.autoconfigure.WeftAutoConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Auto-configuration of the meters. */
@AutoConfiguration(
        after = WeftAutoConfiguration.class, afterName = {
            "org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration"
        })
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean({MeterRegistry.class, WeftRuntimes.class})
public final class WeftMetricsAutoConfiguration {

    /** Created by Spring. */
    public WeftMetricsAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    RuntimeMeters weftRuntimeMeters(WeftRuntimes runtimes) {
        return new RuntimeMeters(runtimes);
    }
}
