/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.peer;

/** The busy task of Tokio's benchmarks: it holds its worker for 10 µs and keeps offering the core to the kernel. */
public final class Stall {

    private static final long NANOS = 10_000;

    private Stall() {}

    public static void once() {
        long start = System.nanoTime();
        while (System.nanoTime() - start < NANOS) {
            Posix.yieldCore();
        }
    }
}
