/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.driver;

import java.time.Duration;

/**
 * How much time is spent on what.
 *
 * @param warmUp per peer and shape, before anything is measured
 * @param run how long one measured run should take
 * @param limit after which a run is given up
 */
record Plan(Duration warmUp, int rounds, Duration run, Duration limit) {

    static final Plan FULL = new Plan(Duration.ofSeconds(3), 9, Duration.ofMillis(500), Duration.ofSeconds(60));
    static final Plan QUICK = new Plan(Duration.ofMillis(400), 5, Duration.ofMillis(100), Duration.ofSeconds(20));
}
