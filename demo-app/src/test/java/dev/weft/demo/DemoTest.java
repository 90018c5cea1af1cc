/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.test.context.SpringBootTest;

/**
 * A test against the running demo, which all such tests share: a source that answers at once, one that never answers in
 * time, and one that always fails.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Timeout(120)
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = {
            "spring.datasource.url=jdbc:h2:mem:demo",
            "demo.reports.paths=500",
            "demo.quotes.warm-up=0s",
            "demo.sources[0].name=quick",
            "demo.sources[0].latency=0ms",
            "demo.sources[1].name=tardy",
            "demo.sources[1].latency=20s",
            "demo.sources[2].name=broken",
            "demo.sources[2].latency=0ms",
            "demo.sources[2].failure-rate=1"
        })
public @interface DemoTest {}
