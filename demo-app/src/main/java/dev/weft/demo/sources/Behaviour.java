/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.sources;

import dev.weft.demo.web.InvalidValueException;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How a simulated source behaves towards one question.
 *
 * @param latency how long it takes
 * @param fails whether it answers with an error
 */
record Behaviour(Duration latency, boolean fails) {

    private static final Duration LONGEST = Duration.ofSeconds(30);

    /** Draws a behaviour. */
    static Behaviour draw(Duration latency, Duration jitter, double failureRate, RandomGenerator random) {
        check(latency, jitter, failureRate);
        long extra = jitter.isZero() ? 0 : random.nextLong(jitter.toNanos());
        return new Behaviour(latency.plusNanos(extra), random.nextDouble() < failureRate);
    }

    static void check(Duration latency, Duration jitter, double failureRate) {
        InvalidValueException.requireBetween("latency", latency, Duration.ZERO, LONGEST);
        InvalidValueException.requireBetween("jitter", jitter, Duration.ZERO, LONGEST);
        if (!(failureRate >= 0 && failureRate <= 1)) {
            throw new InvalidValueException("failureRate", failureRate, "0 to 1");
        }
    }
}
