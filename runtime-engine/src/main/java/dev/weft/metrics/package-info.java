/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Immutable snapshots of what a runtime has counted.
 *
 * <p>Each owner of a counter hands out a record; nothing here reads anything. Counters only grow; gauges are of the
 * moment. Taken racily: fields of one snapshot may be a few operations apart.
 *
 * <p>Floor 0: imports nothing of Weft. Task ids are plain {@code long}s.
 *
 * <p>Design: docs/metrics.md.
 */
@NullMarked
package dev.weft.metrics;

import org.jspecify.annotations.NullMarked;
