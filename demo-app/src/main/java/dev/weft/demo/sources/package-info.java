/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The quote sources: which there are, and the simulation of those that have no address of their own, served over HTTP
 * by the demo itself with latency, jitter and failures.
 */
@NullMarked
package dev.weft.demo.sources;

import org.jspecify.annotations.NullMarked;
