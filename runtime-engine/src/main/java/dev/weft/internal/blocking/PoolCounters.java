/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.blocking;

/** What a pool has done since it was made. Guarded by the pool's lock. */
final class PoolCounters {

    long submitted;
    long started;
    long completed;
    long rejected;
    long callerRuns;
    long queueNanos;
    long maxQueueNanos;
    long runNanos;
    long maxRunNanos;

    void started(long queuedFor) {
        started++;
        queueNanos += queuedFor;
        maxQueueNanos = Math.max(maxQueueNanos, queuedFor);
    }

    void completed(long ranFor) {
        completed++;
        runNanos += ranFor;
        maxRunNanos = Math.max(maxRunNanos, ranFor);
    }

    /** Takes back {@link #started(long)} for a job that an abort or another runner claimed first. */
    void notStarted() {
        started--;
    }
}
