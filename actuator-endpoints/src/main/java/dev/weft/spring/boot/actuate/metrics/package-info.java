/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Meters of a runtime.
 *
 * <p>Imports the engine's public packages and {@code dev.weft.spring}; none of the sibling packages.
 *
 * <p>Design: docs/metrics.md.
 */
@NullMarked
package dev.weft.spring.boot.actuate.metrics;

import org.jspecify.annotations.NullMarked;
