/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.peer;

import dev.weft.benchmarks.engine.peer.Workload.Background;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Takes background load away from a run that makes no progress beside it, so that the peer survives the run. */
final class StarvationGuard {

    private static final long SECONDS_PER_ITERATION = 3;

    private final CountDownLatch runEnded = new CountDownLatch(1);
    private final Thread watcher;
    private volatile boolean starved;

    private StarvationGuard(Background load, int iterations) {
        watcher = Thread.ofPlatform().daemon().unstarted(() -> watch(load, iterations * SECONDS_PER_ITERATION));
    }

    static StarvationGuard over(Background load, int iterations) {
        StarvationGuard guard = new StarvationGuard(load, iterations);
        guard.watcher.start();
        return guard;
    }

    private void watch(Background load, long seconds) {
        try {
            if (!runEnded.await(seconds, TimeUnit.SECONDS)) {
                starved = true;
                load.cancel();
            }
        } catch (InterruptedException e) {
            load.cancel();
        }
    }

    /** Fails if the run ended only because the load was taken away. */
    void end() throws InterruptedException {
        runEnded.countDown();
        watcher.join();
        if (starved) {
            throw new UnsupportedOperationException("starves: not done after " + SECONDS_PER_ITERATION + " s");
        }
    }
}
