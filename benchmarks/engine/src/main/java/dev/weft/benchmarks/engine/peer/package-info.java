/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What every peer on the JVM shares: the line protocol, and the clocks that Java does not have.
 *
 * <p>A peer is one long-lived process that runs shapes when it is asked to, and sleeps otherwise. Peers that are not on
 * the JVM speak the same protocol in their own language.
 */
@NullMarked
package dev.weft.benchmarks.engine.peer;

import org.jspecify.annotations.NullMarked;
