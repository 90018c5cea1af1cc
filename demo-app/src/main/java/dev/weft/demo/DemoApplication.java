/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Starts the demo service. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class DemoApplication {

    /** Created by Spring. */
    public DemoApplication() {}

    public static void main(String[] args) {
        SpringApplication.run(DemoApplication.class, args);
    }
}
