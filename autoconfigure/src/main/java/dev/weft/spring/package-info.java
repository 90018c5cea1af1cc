/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What a Spring application sees of Weft.
 *
 * <ul>
 *   <li>{@link dev.weft.spring.TaskSpawner} starts tasks on one runtime: inject this.
 *   <li>{@link dev.weft.spring.WeftRuntimes} lists the runtimes of an application context by name.
 *   <li>{@link dev.weft.spring.RuntimeLifecycle} drains them when the context stops, and on request before that.
 * </ul>
 *
 * <p>Imports the engine, Spring, and Boot's availability states. Never {@code boot.autoconfigure}.
 *
 * <p>Design: docs/configuration.md.
 */
@NullMarked
package dev.weft.spring;

import org.jspecify.annotations.NullMarked;
