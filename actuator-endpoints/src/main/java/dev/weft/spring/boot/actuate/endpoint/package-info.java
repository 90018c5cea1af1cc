/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Actuator endpoints: runtimes, their tasks, their blocking pools, and their shutdown.
 *
 * <p>Imports the engine's public packages and {@code dev.weft.spring}; none of the sibling packages.
 *
 * <p>Whatever an operation returns implements {@code OperationResponseBody}: it is then written by Actuator's own JSON
 * mapper, which leaves out what is null, and not by the application's.
 *
 * <p>Design: docs/configuration.md.
 */
@NullMarked
package dev.weft.spring.boot.actuate.endpoint;

import org.jspecify.annotations.NullMarked;
