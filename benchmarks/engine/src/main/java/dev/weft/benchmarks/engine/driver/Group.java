/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.driver;

import java.util.List;
import java.util.Map;

/**
 * Shapes that are measured together, the peers on the JVM that have them, and where Weft must stand.
 *
 * @param jvmPeers main class by peer name, Weft first
 */
public record Group(String name, List<Shape> shapes, Map<String, String> jvmPeers, List<Target> targets) {}
