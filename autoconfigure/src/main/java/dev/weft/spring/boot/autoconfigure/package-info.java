/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Auto-configuration of the runtimes of an application context.
 *
 * <p>Applications touch {@link dev.weft.spring.boot.autoconfigure.WeftRuntimeCustomizer} and the properties, nothing
 * else.
 *
 * <p>Imports the engine, {@code dev.weft.spring}, Spring and Boot. Never Actuator or Micrometer.
 *
 * <p>Design: docs/configuration.md.
 */
@NullMarked
package dev.weft.spring.boot.autoconfigure;

import org.jspecify.annotations.NullMarked;
