/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The engine's Flight Recorder events. Free while nobody records.
 *
 * <p>Floor 0: imports nothing of Weft.
 *
 * <p>Design: docs/operations.md.
 */
@NullMarked
package dev.weft.internal.jfr;

import org.jspecify.annotations.NullMarked;
