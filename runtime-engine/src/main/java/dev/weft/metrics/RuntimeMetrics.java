/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.metrics;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A runtime at one moment.
 *
 * @param name the runtime's name
 * @param mode {@code dedicated} or {@code shared}
 * @param state {@code running}, {@code draining}, {@code closing} or {@code closed}
 * @param uptime since it was created
 * @param spawned tasks ever spawned
 * @param completed tasks that ended in any way
 * @param live tasks that have not ended
 * @param aborted tasks that ended because of an abort
 * @param failed tasks that ended with an exception
 * @param injectionQueueDepth entries that came from outside and no worker has taken
 * @param guests slices of guests: how often the workers ran a virtual thread that user code had started by itself. One
 *     that suspends ten times counts eleven times
 * @param forwarded continuations that a closed runtime passed on to the JDK's scheduler
 * @param workers counters of each worker; empty in shared mode
 * @param spareWorkers threads that took over from stalled workers, or wait to do so
 * @param maxSpareWorkers how many there may be
 * @param takeovers how often a spare took over
 * @param takeoversRefused how often none was left or the site was backing off
 * @param stalls how often a task kept a worker longer than the threshold
 * @param timers all timers
 * @param blocking blocking pools by name; {@code main} is always there
 * @param admission the admission gate
 */
public record RuntimeMetrics(
        String name,
        String mode,
        String state,
        Duration uptime,
        long spawned,
        long completed,
        long live,
        long aborted,
        long failed,
        long injectionQueueDepth,
        long guests,
        long forwarded,
        List<WorkerMetrics> workers,
        int spareWorkers,
        int maxSpareWorkers,
        long takeovers,
        long takeoversRefused,
        long stalls,
        TimerMetrics timers,
        Map<String, BlockingPoolMetrics> blocking,
        AdmissionMetrics admission) {

    /** Copies the collections. */
    public RuntimeMetrics {
        workers = List.copyOf(workers);
        blocking = Map.copyOf(blocking);
    }
}
