/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.actuate;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;

/** A web application with Actuator and nothing of its own. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class TestApplication {}
