/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.scheduler;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/** How many tasks were spawned and how many ended, counted where it is cheapest. Thread-safe, lock-free. */
final class TaskLedger {

    /*
     * Each core counts for itself; what no core can count goes to the two adders. When a core is given up its counts
     * move into the page in one step, so a sum sees them once, before or after, and never not at all.
     */
    private record Page(Core[] cores, long spawned, long ended) {
    }

    private final AtomicReference<Page> page = new AtomicReference<>(new Page(new Core[0], 0, 0));
    private final LongAdder spawnedOutside = new LongAdder();
    private final LongAdder endedOutside = new LongAdder();

    void open(Core core) {
        page.updateAndGet(now -> {
            Core[] cores = Arrays.copyOf(now.cores, now.cores.length + 1);
            cores[now.cores.length] = core;
            return new Page(cores, now.spawned, now.ended);
        });
    }

    /** Takes over the counts of a core that nobody works on any more. */
    void close(Core core) {
        Page before;
        Page after;
        do {
            before = page.get();
            after = new Page(
                    without(before.cores, core),
                    before.spawned + core.count(Core.SPAWNED),
                    before.ended + core.count(Core.COMPLETED));
        } while (!page.compareAndSet(before, after));
    }

    private static Core[] without(Core[] cores, Core gone) {
        Core[] rest = new Core[cores.length - 1];
        int n = 0;
        for (Core core : cores) {
            if (core != gone) {
                rest[n++] = core;
            }
        }
        return rest;
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
        Page now = page.get();
        long sum = now.spawned + spawnedOutside.sum();
        for (Core core : now.cores) {
            sum += core.count(Core.SPAWNED);
        }
        return sum;
    }

    long ended() {
        Page now = page.get();
        long sum = now.ended + endedOutside.sum();
        for (Core core : now.cores) {
            sum += core.count(Core.COMPLETED);
        }
        return sum;
    }

    /** Whether nothing lived at some moment during the call: ends are summed before spawns, and both only grow. */
    boolean isBalanced() {
        long ended = ended();
        return ended == spawned();
    }
}
