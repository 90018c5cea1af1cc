/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The runtime: build one, spawn onto it, watch it, shut it down.
 *
 * <p>{@link dev.weft.WeftRuntime} is where to begin; {@link dev.weft.Task} is what code inside a task uses.
 *
 * <p>Floor 4: wires every other package; imported by nobody below.
 *
 * <p>Design: docs/architecture.md.
 */
@NullMarked
package dev.weft;

import org.jspecify.annotations.NullMarked;
