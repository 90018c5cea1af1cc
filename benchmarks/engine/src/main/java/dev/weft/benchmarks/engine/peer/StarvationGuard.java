/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.peer;

import dev.weft.benchmarks.engine.peer.Workload.Background;
import dev.weft.benchmarks.engine.peer.Workload.Iteration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Takes background load away from a run that makes no progress beside it, so that the peer survives the run. */
final class StarvationGuard {

    private static final long SECONDS = 3;

    private final CountDownLatch runEnded = new CountDownLatch(1);
    private final Background load;
    private final Thread watcher = Thread.ofPlatform().daemon().unstarted(this::watch);

    private final AtomicLong iterations = new AtomicLong();
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
            iterations.incrementAndGet();
        };
    }

    private void watch() {
        try {
            long seen = 0;
            while (!runEnded.await(SECONDS, TimeUnit.SECONDS)) {
                long now = iterations.get();
                if (now == seen) {
                    starved = true;
                    load.cancel();
                    return;
                }
                seen = now;
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
