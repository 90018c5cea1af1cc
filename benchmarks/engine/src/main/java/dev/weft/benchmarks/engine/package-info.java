/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Measures the engine against its peers. Started by benchmarks/run; how and what is in benchmarks/README.md.
 */
@NullMarked
package dev.weft.benchmarks.engine;

import org.jspecify.annotations.NullMarked;
