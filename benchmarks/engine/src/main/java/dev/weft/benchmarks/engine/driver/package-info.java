/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Runs the peers against each other: one process each, warmed up, then measured in turns, so that whatever else the
 * machine does hits all of them alike.
 *
 * <p>Knows the groups and the line protocol, nothing of the runtimes. Results go to the {@code report} package.
 */
@NullMarked
package dev.weft.benchmarks.engine.driver;

import org.jspecify.annotations.NullMarked;
