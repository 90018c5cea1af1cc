/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The group {@code scheduler} on the JVM: its shapes, and one class per peer that says how that peer expresses them.
 *
 * <p>What each shape does, and what counts as one operation, is written down once for all languages in
 * benchmarks/README.md.
 */
@NullMarked
package dev.weft.benchmarks.engine.scheduler;

import org.jspecify.annotations.NullMarked;
