/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.blocking;

import dev.weft.task.WhenFull;
import java.time.Duration;
import java.util.Objects;

/**
 * How large a blocking pool may grow, and what happens beyond that.
 *
 * @param maxThreads how many threads it may have
 * @param keepAlive how long an idle thread stays; zero lets it leave at once
 * @param queueCapacity how many jobs may wait for a thread; 0 means unbounded
 * @param whenFull what happens to a job that finds the queue full
 * @param waitTimeout how long a submitter waits for room
 */
public record BlockingLimits(
        int maxThreads, Duration keepAlive, int queueCapacity, WhenFull whenFull, Duration waitTimeout) {

    /** The most threads that can be asked for. */
    public static final int MOST_THREADS = 65_536;

    /** The longest period that can be asked for. */
    public static final Duration LONGEST = Duration.ofDays(365);

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException naming the value, its range and the property
     */
    public BlockingLimits {
        Objects.requireNonNull(whenFull, "whenFull");
        checkNumber("maxThreads (blocking.max-threads)", maxThreads, 1, MOST_THREADS, "");
        checkPeriod("keepAlive (blocking.keep-alive)", keepAlive);
        checkNumber(
                "queueCapacity (blocking.queue-capacity)", queueCapacity, 0, Integer.MAX_VALUE,
                ", where 0 is unbounded");
        checkPeriod("waitTimeout (blocking.wait-timeout)", waitTimeout);
    }

    BlockingLimits withMaxThreads(int other) {
        return new BlockingLimits(other, keepAlive, queueCapacity, whenFull, waitTimeout);
    }

    BlockingLimits withKeepAlive(Duration other) {
        return new BlockingLimits(maxThreads, other, queueCapacity, whenFull, waitTimeout);
    }

    BlockingLimits withQueueCapacity(int other) {
        return new BlockingLimits(maxThreads, keepAlive, other, whenFull, waitTimeout);
    }

    private static void checkNumber(String name, int value, int least, int most, String note) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    name + " is " + value + ", but must be between " + least + " and " + most + note);
        }
    }

    private static void checkPeriod(String name, Duration value) {
        Objects.requireNonNull(value, name);
        if (value.isNegative() || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    name + " is " + value + ", but must be between " + Duration.ZERO + " and " + LONGEST);
        }
    }
}
