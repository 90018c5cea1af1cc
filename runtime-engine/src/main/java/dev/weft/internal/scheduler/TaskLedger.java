/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.scheduler;

import dev.weft.metrics.TimerMetrics;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

/** How many tasks were spawned and how many ended, counted where it is cheapest. Thread-safe, lock-free to read. */
final class TaskLedger {

    /*
     * Each core counts for itself; what no core can count goes to the two adders. A core that was given up stays here
     * with what it counted, so no sum ever falls. That keeps no core longer than it is kept anyway: another one has
     * adopted its timers.
     */
    private volatile Core[] cores = new Core[0]; // written under the lock

    private final LongAdder spawnedOutside = new LongAdder();
    private final LongAdder endedOutside = new LongAdder();

    /** Before anybody works on the core. */
    synchronized void open(Core core) {
        Core[] before = cores;
        Core[] after = Arrays.copyOf(before, before.length + 1);
        after[before.length] = core;
        cores = after;
    }

    void spawnedOutside() {
        spawnedOutside.increment();
    }

    long countOfSpawnedOutside() {
        return spawnedOutside.sum();
    }

    void endedOutside() {
        endedOutside.increment();
    }

    long spawned() {
        return spawnedOutside.sum() + sum(Core.SPAWNED);
    }

    long ended() {
        return endedOutside.sum() + sum(Core.COMPLETED);
    }

    /** Adds up one of the cores' counters, those given up included. */
    long sum(int counter) {
        long sum = 0;
        for (Core core : cores) {
            sum += core.count(counter);
        }
        return sum;
    }

    /** Adds up the timers of all cores, those given up included, whose timers go on. */
    TimerMetrics timers() {
        TimerMetrics sum = TimerMetrics.NONE;
        for (Core core : cores) {
            sum = sum.plus(CoreSnapshot.timers(core.timers));
        }
        return sum;
    }

    /** Whether nothing lived at some moment during the call: ends are summed before spawns, and both only grow. */
    boolean isBalanced() {
        long ended = ended();
        return ended == spawned();
    }
}
