/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.driver;

import org.jspecify.annotations.Nullable;

/**
 * What one run of a shape cost, per operation.
 *
 * @param nanos wall-clock time of the part that the shape counts
 * @param cpu CPU time of the whole process over the whole run, in nanoseconds
 * @param alloc bytes, or null where the peer does not count them
 */
public record Cost(double nanos, double cpu, @Nullable Double alloc) {}
