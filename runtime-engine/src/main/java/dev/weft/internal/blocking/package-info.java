/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The blocking pool: platform threads for work that would hold a worker.
 *
 * <p>The runtime submits jobs, changes limits and reads figures through {@link dev.weft.internal.blocking.BlockingPool};
 * everything else is the pool's own.
 *
 * <p>Floor 2: imports {@code internal.task}, {@code internal.context}, {@code task} and floor 0.
 *
 * <p>Design: the block comments of {@code BlockingPool} and {@code Crew}.
 */
@NullMarked
package dev.weft.internal.blocking;

import org.jspecify.annotations.NullMarked;
