/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.driver;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All shapes on all peers: first everybody is warmed up for everything, then each shape is measured in rounds of one
 * run per peer, each round in another order.
 *
 * <p>Warming everything up before the first measurement lets each JVM compile for all shapes, not for the last one.
 * Shapes that leave threads behind are the exception: they are warmed up only when their turn comes.
 */
final class Campaign {

    private static final Duration REST = Duration.ofSeconds(1);
    private static final Duration TOLERATED_IDLE_CPU = Duration.ofMillis(50);

    private final Plan plan;
    private final List<Shape> shapes;
    private final List<Contender> contenders;
    private final PrintStream progress;

    /** Why a peer is out of a shape: by shape, then by peer. */
    private final Map<Shape, Map<String, String>> failures = new LinkedHashMap<>();

    Campaign(Plan plan, List<Shape> shapes, List<Contender> contenders, PrintStream progress) {
        this.plan = plan;
        this.shapes = shapes;
        this.contenders = contenders;
        this.progress = progress;
    }

    List<Results.Row> run() throws InterruptedException {
        long start = System.nanoTime();
        warmUp();
        reportIdleCpu();
        long warm = System.nanoTime();
        long left = Math.max(0, plan.budget().toNanos() - (warm - start));
        List<Results.Row> rows = new ArrayList<>();
        for (Shape shape : shapes) {
            boolean late = System.nanoTime() - warm > left * rows.size() / shapes.size();
            int rounds = late && !rows.isEmpty() ? plan.fewestRounds() : plan.rounds();
            progress.println("measuring " + shape.name() + " in " + rounds + " rounds");
            rows.add(measure(shape, rounds));
        }
        return rows;
    }

    private void warmUp() {
        for (Contender contender : contenders) {
            progress.println("warming up " + contender.name() + " " + contender.version());
            shapes.stream()
                    .filter(shape -> !shape.leavesThreads())
                    .forEach(shape -> attempt(contender, shape, () -> contender.warmUp(shape)));
        }
    }

    /** Peers that spin while others are measured would falsify everything. */
    private void reportIdleCpu() throws InterruptedException {
        Thread.sleep(REST);
        List<Duration> before = contenders.stream().map(Contender::cpuTime).toList();
        Thread.sleep(REST);
        for (int i = 0; i < contenders.size(); i++) {
            Duration used = contenders.get(i).cpuTime().minus(before.get(i));
            if (used.compareTo(TOLERATED_IDLE_CPU) > 0) {
                progress.println("warning: idle " + contenders.get(i).name() + " used " + used.toMillis()
                        + " ms of CPU in " + REST.toMillis() + " ms; the results are not to be trusted");
            }
        }
    }

    private Results.Row measure(Shape shape, int rounds) {
        Map<String, List<Cost>> costs = new LinkedHashMap<>();
        contenders.forEach(contender -> attempt(contender, shape, () -> contender.settle(shape)));
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < contenders.size(); i++) {
                Contender contender = contenders.get((round + i) % contenders.size());
                attempt(contender, shape, () -> costs.computeIfAbsent(contender.name(), name -> new ArrayList<>())
                        .add(contender.measure(shape)));
            }
        }
        Map<String, Spread> spreads = new LinkedHashMap<>();
        for (Contender contender : contenders) {
            attempt(contender, shape, () -> {
                Spread spread = Spread.of(costs.getOrDefault(contender.name(), List.of()));
                spreads.put(contender.name(), withAllocations(spread, contender, shape));
            });
        }
        return new Results.Row(shape, rounds, spreads, failures.getOrDefault(shape, Map.of()));
    }

    private static Spread withAllocations(Spread spread, Contender contender, Shape shape) throws PeerFailure {
        var counted = contender.countAllocations(shape);
        return counted.isPresent() ? spread.withAlloc(counted.getAsDouble()) : spread;
    }

    /** Does the step unless the peer is out of the shape already, and puts it out if the step fails. */
    private void attempt(Contender contender, Shape shape, Step step) {
        Map<String, String> out = failures.computeIfAbsent(shape, absent -> new LinkedHashMap<>());
        if (out.containsKey(contender.name())) {
            return;
        }
        try {
            step.take();
        } catch (PeerFailure e) {
            out.put(contender.name(), String.valueOf(e.getMessage()));
            progress.println("  " + contender.name() + " has no " + shape.name() + ": " + e.getMessage());
        }
    }

    private interface Step {
        void take() throws PeerFailure;
    }
}
