/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.peer;

import dev.weft.benchmarks.engine.peer.Workload.Background;
import dev.weft.benchmarks.engine.peer.Workload.Iteration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Takes background load away from a run that makes no progress beside it, so that the peer survives the run. */
final class StarvationGuard {

    private static final long SECONDS = 3;

    private final CountDownLatch runEnded = new CountDownLatch(1);
    private final Background load;
    private final Thread watcher = Thread.ofPlatform().daemon().unstarted(this::watch);

    /** Written by the bench thread only. */
    private volatile long iterations;

    private volatile boolean starved;

    private StarvationGuard(Background load) {
        this.load = load;
    }

    static StarvationGuard over(Background load) {
        StarvationGuard guard = new StarvationGuard(load);
        guard.watcher.start();
        return guard;
    }

    /** The same iteration, whose ends are noticed. */
    Iteration watching(Iteration iteration) {
        return () -> {
            iteration.run();
            iterations = iterations + 1;
        };
    }

    private void watch() {
        try {
            long seen = 0;
            while (!runEnded.await(SECONDS, TimeUnit.SECONDS)) {
                if (iterations == seen) {
                    starved = true;
                    load.cancel();
                    return;
                }
                seen = iterations;
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
            throw new UnsupportedOperationException("starves: nothing done within " + SECONDS + " s");
        }
    }
}
