/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Which runtime and which task the calling thread is in.
 *
 * <p>Floor 1: imports {@code internal.task}, {@code task} and floor 0.
 *
 * <p>Design: docs/architecture.md.
 */
@NullMarked
package dev.weft.internal.context;

import org.jspecify.annotations.NullMarked;
