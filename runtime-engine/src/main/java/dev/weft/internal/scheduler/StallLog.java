/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.scheduler;

import dev.weft.metrics.StallInfo;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** The last stalls of a runtime. Written by the monitor, read by anybody; its lock is never taken by a worker. */
final class StallLog {

    private static final int KEPT = 32;

    private final ArrayDeque<Stall> stalls = new ArrayDeque<>(); // guarded by this
    private long count; // guarded by this

    synchronized void add(Stall stall) {
        count++;
        if (stalls.size() == KEPT) {
            stalls.removeFirst();
        }
        stalls.addLast(stall);
    }

    synchronized long count() {
        return count;
    }

    /** Returns the stalls, the latest first. */
    synchronized List<StallInfo> latest() {
        List<StallInfo> all = new ArrayList<>();
        stalls.descendingIterator().forEachRemaining(stall -> all.add(stall.info()));
        return all;
    }

    /** One stall, from its detection on. */
    static final class Stall {
        private final StallInfo first;
        private final long startNanos;
        private volatile long endNanos;
        private volatile boolean ended;
        private volatile boolean rescued;

        Stall(StallInfo first, long startNanos) {
            this.first = first;
            this.startNanos = startNanos;
        }

        void rescued() {
            rescued = true;
        }

        void ended(long nanos) {
            endNanos = nanos;
            ended = true;
        }

        StackTraceElement[] stack() {
            return first.stack().toArray(new StackTraceElement[0]);
        }

        StallInfo info() {
            boolean over = ended;
            long until = over ? endNanos : System.nanoTime();
            return new StallInfo(
                    first.worker(),
                    first.taskId(),
                    first.taskName(),
                    first.detectedAt(),
                    Duration.ofNanos(until - startNanos),
                    !over,
                    rescued,
                    first.stack());
        }
    }
}
