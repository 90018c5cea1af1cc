/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Workers and what they run: the work-stealing scheduler, its monitor, and the plain one of shared mode.
 *
 * <p>Reached from outside through {@link dev.weft.internal.scheduler.Scheduler}. Code that runs on a worker outside of
 * a task takes no lock that a task may hold, logs nothing, initialises no class and calls no user code.
 *
 * <p>Floor 3: imports floors 0 to 2.
 *
 * <p>Design: docs/scheduler.md, ADR 0001 (tasks on reused threads), ADR 0005 (taking a core without a fence).
 */
@NullMarked
package dev.weft.internal.scheduler;

import org.jspecify.annotations.NullMarked;
