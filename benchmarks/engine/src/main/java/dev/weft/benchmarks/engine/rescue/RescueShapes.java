/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.rescue;

import dev.weft.benchmarks.engine.peer.Workload;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The shapes by name, on any JVM peer. */
final class RescueShapes {

    /**
     * Weft makes a place in the code wait that needs rescue again and again, and forgives it after a second. What is
     * measured is the rescue of one that does not, so there is a pause before that.
     */
    private static final int EPISODES_IN_A_ROW = 4;

    private static final Duration PAUSE = Duration.ofMillis(1_100);

    private final RescuePeer peer;
    private int episodes;

    private RescueShapes(RescuePeer peer) {
        this.peer = peer;
    }

    static Map<String, Workload> of(RescuePeer peer) {
        RescueShapes shapes = new RescueShapes(peer);
        Map<String, Workload> all = new LinkedHashMap<>();
        all.put("calm_spawn", workload(() -> new Episode(peer).calmSpawn()));
        all.put("calm_timer", workload(() -> new Episode(peer).calmTimer()));
        shapes.add("native_sleep", Hold::inNativeSleep, all);
        shapes.add("class_initialiser", Hold::inClassInitialiser, all);
        shapes.add("cpu_loop", Hold::inCpuLoop, all);
        return all;
    }

    private void add(String kind, Supplier<Hold> hold, Map<String, Workload> all) {
        all.put(kind + "_spawn", workload(() -> {
            pause();
            return new Episode(peer).spawnBeside(hold.get());
        }));
        all.put(kind + "_timer", workload(() -> timer(hold)));
    }

    private long timer(Supplier<Hold> hold) throws Exception {
        long nanos;
        do {
            pause();
            nanos = new Episode(peer).timerBeside(hold.get());
        } while (nanos < 0);
        return nanos;
    }

    private void pause() throws InterruptedException {
        if (++episodes % EPISODES_IN_A_ROW == 0) {
            Thread.sleep(PAUSE);
        }
    }

    private static Workload workload(Latency latency) {
        return new Workload(1, iterations -> {
            long nanos = 0;
            for (int i = 0; i < iterations; i++) {
                nanos += latency.measure();
            }
            return nanos;
        });
    }

    private interface Latency {
        long measure() throws Exception;
    }
}
