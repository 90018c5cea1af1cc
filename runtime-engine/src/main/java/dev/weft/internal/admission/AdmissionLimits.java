/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.admission;

import dev.weft.task.WhenFull;
import java.time.Duration;
import java.util.Objects;

/**
 * How many tasks spawned from outside may be under way, and what happens beyond that.
 *
 * @param maxConcurrentTasks how many hold a permit at once; 0 means unlimited
 * @param queueCapacity how many more may queue; 0 means unbounded
 * @param whenFull what happens to a task that finds the queue full
 * @param waitTimeout how long a submitter waits for room
 */
public record AdmissionLimits(
        int maxConcurrentTasks, int queueCapacity, WhenFull whenFull, Duration waitTimeout) {

    /** The longest period that can be asked for. */
    public static final Duration LONGEST = Duration.ofDays(365);

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException naming the value, its range and the property
     */
    public AdmissionLimits {
        Objects.requireNonNull(whenFull, "whenFull");
        checkNotNegative("maxConcurrentTasks (max-concurrent-tasks)", maxConcurrentTasks, "unlimited");
        checkNotNegative("queueCapacity (queue-capacity)", queueCapacity, "unbounded");
        Objects.requireNonNull(waitTimeout, "waitTimeout");
        if (waitTimeout.isNegative() || waitTimeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("waitTimeout (wait-timeout) is " + waitTimeout + ", but must be between "
                    + Duration.ZERO + " and " + LONGEST);
        }
    }

    AdmissionLimits withMaxConcurrentTasks(int other) {
        return new AdmissionLimits(other, queueCapacity, whenFull, waitTimeout);
    }

    AdmissionLimits withQueueCapacity(int other) {
        return new AdmissionLimits(maxConcurrentTasks, other, whenFull, waitTimeout);
    }

    AdmissionLimits withWaitTimeout(Duration other) {
        return new AdmissionLimits(maxConcurrentTasks, queueCapacity, whenFull, other);
    }

    private static void checkNotNegative(String name, int value, String zero) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " is " + value + ", but must be between 0 and "
                    + Integer.MAX_VALUE + ", where 0 is " + zero);
        }
    }
}
