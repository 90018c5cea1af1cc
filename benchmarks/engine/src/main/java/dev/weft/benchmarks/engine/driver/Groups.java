/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.driver;

import dev.weft.benchmarks.engine.driver.Group.Measure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The groups that this module can run. */
public final class Groups {

    private static final String PEERS = "dev.weft.benchmarks.engine.";
    private static final String SCHEDULER_PEERS = PEERS + "scheduler.";
    private static final String RESCUE_PEERS = PEERS + "rescue.";

    private Groups() {}

    public static Group named(String name) {
        return switch (name) {
            case "scheduler" -> scheduler();
            case "rescue" -> rescue();
            default ->
                throw new IllegalArgumentException(
                        "There is no benchmark group '" + name + "'; groups: scheduler, rescue.");
        };
    }

    private static Group scheduler() {
        return new Group("scheduler", Measure.COST, schedulerShapes(), schedulerPeers(), schedulerTargets());
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
        peers.put("weft", SCHEDULER_PEERS + "WeftPeer");
        peers.put("weft-shared", SCHEDULER_PEERS + "WeftPeer");
        peers.put("jdk", SCHEDULER_PEERS + "VirtualThreadPeer");
        peers.put("fjp", SCHEDULER_PEERS + "ForkJoinPeer");
        peers.put("kotlin", SCHEDULER_PEERS + "KotlinPeerKt");
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

    /** Nobody else comes to the rescue, so there is nothing to be better than. */
    private static Group rescue() {
        return new Group("rescue", Measure.LATENCY, rescueShapes(), rescuePeers(), List.of());
    }

    private static List<Shape> rescueShapes() {
        return List.of(
                new Shape("calm_spawn", "a task from outside, until it runs; nothing else to do"),
                new Shape("calm_timer", "how late a timer is; nothing else to do"),
                new Shape("native_sleep_spawn", "a task from outside, beside 4 in a C function that sleeps"),
                new Shape("native_sleep_timer", "how late a timer is, beside the same"),
                new Shape("class_initialiser_spawn", "a task from outside, beside 4 that wait in a class initialiser"),
                new Shape("class_initialiser_timer", "how late a timer is, beside the same"),
                new Shape("cpu_loop_spawn", "a task from outside, beside 4 that compute"),
                new Shape("cpu_loop_timer", "how late a timer is, beside the same"));
    }

    private static Map<String, String> rescuePeers() {
        Map<String, String> peers = new LinkedHashMap<>();
        peers.put("weft", RESCUE_PEERS + "WeftPeer");
        peers.put("weft-shared", RESCUE_PEERS + "WeftPeer");
        peers.put("jdk", RESCUE_PEERS + "VirtualThreadPeer");
        return peers;
    }
}
