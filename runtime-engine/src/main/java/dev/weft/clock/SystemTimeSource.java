/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.clock;

/** The machine's monotonic clock. */
enum SystemTimeSource implements TimeSource {
    INSTANCE;

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public String toString() {
        return "system clock";
    }
}
