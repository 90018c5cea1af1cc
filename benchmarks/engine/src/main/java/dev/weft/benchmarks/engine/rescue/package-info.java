/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The group {@code rescue} on the JVM: how long other work waits when tasks hold every worker, and one class per peer
 * that says how that peer spawns and sleeps.
 *
 * <p>Its times are latencies, not costs: each run is one episode, from the moment in which the last worker is held. What
 * the shapes do is written down in benchmarks/README.md.
 */
@NullMarked
package dev.weft.benchmarks.engine.rescue;

import org.jspecify.annotations.NullMarked;
