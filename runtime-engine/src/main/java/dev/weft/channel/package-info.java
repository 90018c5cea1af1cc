/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Passing values between tasks, and between tasks and other threads.
 *
 * <p>Floor 2, library side: imports {@code task} and {@code internal.port}. Works on any thread.
 *
 * <p>Design: docs/architecture.md, ADR 0004 (one cancellation rule).
 */
@NullMarked
package dev.weft.channel;

import org.jspecify.annotations.NullMarked;
