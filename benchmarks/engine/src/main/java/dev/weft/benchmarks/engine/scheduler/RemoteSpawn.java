/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.scheduler;

import dev.weft.benchmarks.engine.peer.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;

/**
 * Several threads outside the runtime spawn their share of empty tasks at the same time.
 *
 * <p>As in Tokio's benchmark, the threads' start, their spawning and their end are timed, the join of the tasks is not.
 */
final class RemoteSpawn {

    private static final int TASKS = 12_800;

    private RemoteSpawn() {}

    static <H> Workload workload(SchedulerPeer<H> peer, int threads) {
        return new Workload(TASKS, iterations -> {
            long timed = 0;
            for (int i = 0; i < iterations; i++) {
                long start = System.nanoTime();
                List<H> handles = spawnFrom(threads, peer);
                timed += System.nanoTime() - start;
                peer.joinAll(handles);
            }
            return timed;
        });
    }

    private static <H> List<H> spawnFrom(int threads, SchedulerPeer<H> peer) throws Exception {
        CyclicBarrier barrier = new CyclicBarrier(threads);
        int share = TASKS / threads;
        Callable<List<H>> spawnShare = () -> {
            List<H> handles = new ArrayList<>(share);
            barrier.await();
            for (int i = 0; i < share; i++) {
                handles.add(peer.spawnEmpty());
            }
            return handles;
        };
        List<FutureTask<List<H>>> spawners = new ArrayList<>(threads);
        for (int i = 0; i < threads; i++) {
            FutureTask<List<H>> spawner = new FutureTask<>(spawnShare);
            Thread.ofPlatform().start(spawner);
            spawners.add(spawner);
        }
        List<H> handles = new ArrayList<>(TASKS);
        for (FutureTask<List<H>> spawner : spawners) {
            handles.addAll(spawner.get());
        }
        return handles;
    }
}
