/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.actuate.autoconfigure;

import dev.weft.spring.RuntimeLifecycle;
import dev.weft.spring.WeftRuntimes;
import dev.weft.spring.boot.actuate.health.RuntimeHealthIndicator;
import dev.weft.spring.boot.autoconfigure.WeftAutoConfiguration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.context.annotation.Bean;

/** Auto-configuration of the health contributor: an indicator for a single runtime, one for each when there are more. */
@AutoConfiguration(
        after = WeftAutoConfiguration.class, beforeName = "org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration")
@ConditionalOnClass({HealthContributor.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean({WeftRuntimes.class, RuntimeLifecycle.class})
@ConditionalOnEnabledHealthIndicator("weft")
public final class WeftHealthContributorAutoConfiguration {

    /** Created by Spring. */
    public WeftHealthContributorAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean(name = {"weftHealthIndicator", "weftHealthContributor"})
    HealthContributor weftHealthContributor(WeftRuntimes runtimes, RuntimeLifecycle lifecycle) {
        Map<String, RuntimeHealthIndicator> indicators = new LinkedHashMap<>();
        runtimes.all().forEach(
                runtime -> indicators.put(runtime.name(), new RuntimeHealthIndicator(runtime, lifecycle)));
        return indicators.size() == 1
                ? indicators.values().iterator().next()
                : CompositeHealthContributor.fromMap(indicators);
    }
}
