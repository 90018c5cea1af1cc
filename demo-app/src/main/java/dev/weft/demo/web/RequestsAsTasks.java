/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.web;

import dev.weft.spring.TaskSpawner;
import org.springframework.boot.tomcat.TomcatProtocolHandlerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Makes each servlet request a Weft task. A request that waits for its sources then holds no thread, and the simulated
 * sources, which the same Tomcat serves, can never be starved by the requests that wait for them.
 */
@Configuration(proxyBeanMethods = false)
class RequestsAsTasks {

    @Bean
    TomcatProtocolHandlerCustomizer<?> taskPerRequest(TaskSpawner spawner) {
        return handler -> handler.setExecutor(spawner.asExecutor());
    }
}
