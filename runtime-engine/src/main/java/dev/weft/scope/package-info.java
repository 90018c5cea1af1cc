/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Groups of tasks that belong to whoever opened them.
 *
 * <p>Floor 3, library side: imports {@code task}, {@code clock} and {@code internal.port}. Never the scheduler.
 *
 * <p>Design: docs/scheduler.md (joins run inline), ADR 0004 (one cancellation rule).
 */
@NullMarked
package dev.weft.scope;

import org.jspecify.annotations.NullMarked;
