/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.scheduler;

import dev.weft.benchmarks.engine.peer.Workload;
import dev.weft.benchmarks.engine.peer.Workload.Iteration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The shapes by name, at the sizes of Tokio's own benchmarks, on any JVM peer. */
final class SchedulerShapes {

    private static final int CHAIN = 1_000;
    private static final int MANY = 10_000;
    private static final int MANY_BESIDE_CHAINS = 1_000;
    private static final int PINGS = 1_000;
    private static final int YIELDERS = 200;
    private static final int YIELDS = 1_000;
    private static final int BATCHES = 100;
    private static final int BATCH = 16;
    private static final int CHILDREN = 10_000;

    private SchedulerShapes() {}

    static <H> Map<String, Workload> of(SchedulerPeer<H> peer) {
        Map<String, Workload> shapes = new LinkedHashMap<>();
        shapes.put("chained_spawn", Workload.repeated(CHAIN, () -> peer.chainedSpawn(CHAIN)));
        shapes.put("spawn_many_local", Workload.repeated(MANY, () -> peer.spawnManyLocal(MANY)));
        shapes.put("spawn_many_remote_idle", Workload.repeated(MANY, spawnManyRemote(peer, MANY)));
        shapes.put(
                "spawn_many_remote_busy1",
                Workload.repeatedBeside(peer::keepBusyYielding, MANY, spawnManyRemote(peer, MANY)));
        shapes.put(
                "spawn_many_remote_busy2",
                Workload.repeatedBeside(
                        peer::keepBusySpawning, MANY_BESIDE_CHAINS, spawnManyRemote(peer, MANY_BESIDE_CHAINS)));
        shapes.put("ping_pong", Workload.repeated(PINGS, () -> peer.pingPong(PINGS)));
        shapes.put("yield_many", Workload.repeated(YIELDERS * YIELDS, () -> peer.yieldMany(YIELDERS, YIELDS)));
        for (int tasks : new int[] {1, 10}) {
            shapes.put("spawn_" + tasks, Workload.repeated(tasks, () -> peer.spawnAndJoin(tasks)));
        }
        for (int threads : new int[] {1, 2, 4, 8}) {
            shapes.put("remote_spawn_" + threads, RemoteSpawn.workload(peer, threads));
        }
        for (int tasks : new int[] {1, 4, 16}) {
            shapes.put(
                    "spawn_blocking_" + tasks,
                    Workload.repeated((long) tasks * BATCHES * BATCH, () -> peer.spawnBlocking(tasks, BATCHES, BATCH)));
        }
        for (int width : new int[] {10, 1_000}) {
            shapes.put("fan_out_join_" + width, Workload.repeated(CHILDREN, () -> peer.fanOutJoin(CHILDREN, width)));
        }
        return shapes;
    }

    private static <H> Iteration spawnManyRemote(SchedulerPeer<H> peer, int tasks) {
        return () -> {
            List<H> handles = new ArrayList<>(tasks);
            for (int i = 0; i < tasks; i++) {
                handles.add(peer.spawnEmpty());
            }
            peer.joinAll(handles);
        };
    }
}
