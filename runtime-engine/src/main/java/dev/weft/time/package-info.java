/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Sleeping, deadlines and intervals, on the timers of the current runtime.
 *
 * <p>Floor 3, library side: imports {@code task}, {@code clock} and {@code internal.port}. Never the engine's timers.
 *
 * <p>Design: docs/time.md.
 */
@NullMarked
package dev.weft.time;

import org.jspecify.annotations.NullMarked;
