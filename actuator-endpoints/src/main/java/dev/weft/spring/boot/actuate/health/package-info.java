/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What the health endpoint says of a runtime.
 *
 * <p>Imports the engine's public packages and {@code dev.weft.spring}; none of the sibling packages.
 *
 * <p>Design: docs/configuration.md.
 */
@NullMarked
package dev.weft.spring.boot.actuate.health;

import org.jspecify.annotations.NullMarked;
