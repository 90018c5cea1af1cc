/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.driver;

import java.util.List;
import java.util.Map;

/**
 * Shapes that are measured together, the peers on the JVM that have them, and where Weft must stand.
 *
 * @param jvmPeers main class by peer name, Weft first
 */
public record Group(
        String name, Measure measure, List<Shape> shapes, Map<String, String> jvmPeers, List<Target> targets) {

    /** What the times of a group are. */
    public enum Measure {
        /** Time per operation, in runs of many operations. */
        COST,
        /** How long one thing took, in runs of one. */
        LATENCY
    }
}
