/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.clock;

/**
 * Where a runtime reads the time from, so that tests can hold it still.
 *
 * <p>Implementations are thread-safe, never block, and never run backwards. Values are nanoseconds from an arbitrary
 * origin and are compared by difference only, as with {@link System#nanoTime()}.
 */
@FunctionalInterface
public interface TimeSource {

    /** Returns the current reading in nanoseconds; only differences between readings have a meaning. */
    long nanoTime();

    /** Returns the clock of the machine. */
    static TimeSource system() {
        return SystemTimeSource.INSTANCE;
    }
}
