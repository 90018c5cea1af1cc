/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.autoconfigure;

import dev.weft.spring.TaskSpawner;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Joins one task, detaches another, and returns from {@code main}: it must exit, but not before the second has ended. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class BatchApplication {

    public static void main(String[] args) {
        SpringApplication.run(BatchApplication.class, args);
    }

    @Bean
    CommandLineRunner batch(TaskSpawner spawner) {
        return args -> {
            System.out.println("result: " + spawner.spawn(() -> 42).join());
            spawner.spawn(() -> {
                Thread.sleep(500);
                System.out.println("detached task ended");
            });
        };
    }
}
