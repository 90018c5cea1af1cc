/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Handles to tasks and what a task can throw.
 *
 * <p>Floor 1, library side: may import floor 0 and needs nothing of it. The implementation of a handle lives in
 * {@code internal.task}.
 *
 * <p>Design: docs/architecture.md, ADR 0004 (one cancellation rule).
 */
@NullMarked
package dev.weft.task;

import org.jspecify.annotations.NullMarked;
