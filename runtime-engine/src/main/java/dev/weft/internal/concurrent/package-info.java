/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Lock-free building blocks that know nothing of tasks: the two queue kinds, slot tables, spinning before a sleep.
 *
 * <p>Used by the engine's packages only. Floor 0: imports nothing of Weft.
 *
 * <p>Design: docs/scheduler.md.
 */
@NullMarked
package dev.weft.internal.concurrent;

import org.jspecify.annotations.NullMarked;
