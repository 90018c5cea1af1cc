/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The clock that every timed operation reads.
 *
 * <p>Floor 0: imports nothing of Weft.
 */
@NullMarked
package dev.weft.clock;

import org.jspecify.annotations.NullMarked;
