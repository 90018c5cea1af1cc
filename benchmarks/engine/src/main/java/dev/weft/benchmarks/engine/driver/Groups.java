/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.driver;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The groups that this module can run. */
public final class Groups {

    private static final String PEERS = "dev.weft.benchmarks.engine.scheduler.";

    private Groups() {}

    public static Group named(String name) {
        if (name.equals("scheduler")) {
            return scheduler();
        }
        throw new IllegalArgumentException("There is no benchmark group '" + name + "'; groups: scheduler.");
    }

    private static Group scheduler() {
        return new Group("scheduler", schedulerShapes(), schedulerPeers(), schedulerTargets());
    }

    private static List<Shape> schedulerShapes() {
        return List.of(
                new Shape("chained_spawn", "one link of a chain of 1,000 tasks"),
                new Shape("spawn_many_local", "one of 10,000 tasks spawned by the root"),
                new Shape("spawn_many_remote_idle", "one of 10,000 tasks spawned from outside and joined"),
                new Shape("spawn_many_remote_busy1", "the same, beside 4 tasks that stall and yield"),
                new Shape("spawn_many_remote_busy2", "one of 1,000 tasks, beside 2 chains that stall and spawn"),
                new Shape("ping_pong", "two spawns and two one-shot messages"),
                new Shape("yield_many", "one of 200 x 1,000 yields"),
                new Shape("spawn_1", "spawn, one yield, join"),
                new Shape("spawn_10", "the same, ten at a time"),
                new Shape("remote_spawn_1", "one of 12,800 tasks spawned by 1 thread outside"),
                new Shape("remote_spawn_2", "the same by 2 threads"),
                new Shape("remote_spawn_4", "the same by 4 threads"),
                new Shape("remote_spawn_8", "the same by 8 threads"),
                new Shape("fan_out_join_10", "one child of a fan-out of 10, joined"),
                new Shape("fan_out_join_1000", "one child of a fan-out of 1,000, joined"),
                new Shape("spawn_blocking_1", "one blocking job, of 1 task with 100 batches of 16", true),
                new Shape("spawn_blocking_4", "the same, of 4 tasks", true),
                new Shape("spawn_blocking_16", "the same, of 16 tasks", true));
    }

    private static Map<String, String> schedulerPeers() {
        Map<String, String> peers = new LinkedHashMap<>();
        peers.put("weft", PEERS + "WeftPeer");
        peers.put("weft-shared", PEERS + "WeftPeer");
        peers.put("jdk", PEERS + "VirtualThreadPeer");
        peers.put("fjp", PEERS + "ForkJoinPeer");
        peers.put("kotlin", PEERS + "KotlinPeerKt");
        return peers;
    }

    private static List<Target> schedulerTargets() {
        return List.of(
                new Target("chained_spawn", "tokio", 0.25),
                new Target("chained_spawn", "jdk", 0.10),
                new Target("spawn_many", "tokio", 0.5),
                new Target("spawn_many", "jdk", 0.5),
                new Target("remote_spawn", "tokio", 0.5),
                new Target("remote_spawn", "jdk", 0.5),
                new Target("spawn_1", "tokio", 0.5),
                new Target("spawn_1", "jdk", 0.5),
                new Target("fan_out_join", "tokio", 0.5),
                new Target("fan_out_join", "jdk", 0.3),
                new Target("ping_pong", "tokio", 0.8),
                new Target("ping_pong", "jdk", 0.8),
                new Target("yield_many", "jdk", 1.0),
                new Target("yield_many", "tokio", 2.0),
                new Target("spawn_blocking", "tokio", 1.0),
                new Target("", "kotlin", 1.0));
    }
}
