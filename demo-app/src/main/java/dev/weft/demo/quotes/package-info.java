/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Asking all quote sources at once, within a deadline: one task per source in a {@code JoinSet}, late ones aborted,
 * failed ones named.
 */
@NullMarked
package dev.weft.demo.quotes;

import org.jspecify.annotations.NullMarked;
