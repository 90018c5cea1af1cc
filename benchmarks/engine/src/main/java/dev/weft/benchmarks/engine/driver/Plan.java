/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.driver;

import java.time.Duration;

/**
 * How much time is spent on what.
 *
 * @param warmUp per peer and shape, before anything is measured
 * @param rounds how often each shape is measured
 * @param fewestRounds the same, once the campaign is behind its schedule
 * @param run how long one measured run should take
 * @param limit after which a run is given up
 * @param budget how long the whole campaign should take
 */
record Plan(Duration warmUp, int rounds, int fewestRounds, Duration run, Duration limit, Duration budget) {

    static final Plan FULL = new Plan(
            Duration.ofSeconds(3),
            9,
            5,
            Duration.ofMillis(500),
            Duration.ofSeconds(60),
            Duration.ofMinutes(20));

    static final Plan QUICK = new Plan(
            Duration.ofMillis(300),
            5,
            3,
            Duration.ofMillis(80),
            Duration.ofSeconds(10),
            Duration.ofSeconds(190));

    /** For latencies: nothing fits into a run but one of them, so it takes many runs. */
    static final Plan EPISODES = new Plan(
            Duration.ofMillis(300),
            20,
            10,
            Duration.ofNanos(1),
            Duration.ofSeconds(20),
            Duration.ofSeconds(100));

    /** Latencies are soon measured, quick or not. */
    static Plan of(Group.Measure measure, boolean quick) {
        if (measure == Group.Measure.LATENCY) {
            return EPISODES;
        }
        return quick ? QUICK : FULL;
    }
}
