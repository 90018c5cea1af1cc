/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.time;

/** What an {@link Interval} does when its owner was too late for a tick. */
public enum MissedTickBehavior {

    /** Ticks that were missed come one after another without a pause, until the schedule is met again. */
    BURST,

    /** The schedule moves: the next tick comes one period after this one. */
    DELAY,

    /** Missed ticks are left out: the next tick comes at the next multiple of the period. */
    SKIP
}
