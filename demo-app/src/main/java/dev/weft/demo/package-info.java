/* SPDX-License-Identifier: Apache-2.0 */
/**
 * A price-comparison service, built on Weft as any application would build on it.
 *
 * <p>{@code web} is what all requests share, {@code sources} simulates the quote sources, {@code quotes} asks them,
 * {@code reports} renders and stores, {@code ticks} streams. This package starts them and knows none of them.
 *
 * <p>May import {@code dev.weft}, {@code dev.weft.spring} and Spring; never anything internal. {@code reports} may use
 * {@code quotes}, every package may use {@code web}, and that is all.
 */
@NullMarked
package dev.weft.demo;

import org.jspecify.annotations.NullMarked;
