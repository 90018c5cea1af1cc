/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.actuate.autoconfigure;

import dev.weft.spring.RuntimeLifecycle;
import dev.weft.spring.WeftRuntimes;
import dev.weft.spring.boot.actuate.endpoint.WeftBlockingEndpoint;
import dev.weft.spring.boot.actuate.endpoint.WeftEndpoint;
import dev.weft.spring.boot.actuate.endpoint.WeftShutdownEndpoint;
import dev.weft.spring.boot.actuate.endpoint.WeftTasksEndpoint;
import dev.weft.spring.boot.autoconfigure.WeftAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Auto-configuration of the endpoints that the application exposes. */
@AutoConfiguration(after = WeftAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnBean({WeftRuntimes.class, RuntimeLifecycle.class})
public final class WeftEndpointAutoConfiguration {

    /** Created by Spring. */
    public WeftEndpointAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnAvailableEndpoint
    WeftEndpoint weftEndpoint(WeftRuntimes runtimes, RuntimeLifecycle lifecycle) {
        return new WeftEndpoint(runtimes, lifecycle);
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnAvailableEndpoint
    WeftTasksEndpoint weftTasksEndpoint(WeftRuntimes runtimes) {
        return new WeftTasksEndpoint(runtimes);
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnAvailableEndpoint
    WeftBlockingEndpoint weftBlockingEndpoint(WeftRuntimes runtimes) {
        return new WeftBlockingEndpoint(runtimes);
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnAvailableEndpoint
    WeftShutdownEndpoint weftShutdownEndpoint(WeftRuntimes runtimes, RuntimeLifecycle lifecycle) {
        return new WeftShutdownEndpoint(runtimes, lifecycle);
    }
}
