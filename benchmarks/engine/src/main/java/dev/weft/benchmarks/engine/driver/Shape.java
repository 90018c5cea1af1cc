/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.driver;

/**
 * A thing that every peer does in its own way.
 *
 * @param name as in the line protocol
 * @param operation what is counted once, for the reader
 * @param leavesThreads whether runtimes keep threads of it for a while, which some of them share with everything else
 *     and suffer from; such shapes are run after all others
 */
public record Shape(String name, String operation, boolean leavesThreads) {

    Shape(String name, String operation) {
        this(name, operation, false);
    }
}
