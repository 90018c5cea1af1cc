/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.driver;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * A peer over the whole campaign: its process, which is started anew when it dies, and how many iterations of each
 * shape make a run of the planned length.
 */
final class Contender implements AutoCloseable {

    private static final int MAX_ITERATIONS = 1 << 24;

    private final PeerCommand command;
    private final Plan plan;
    private final Path log;
    private final Map<String, Integer> iterations = new HashMap<>();
    private PeerProcess process;
    private @Nullable PeerProcess counting;

    Contender(PeerCommand command, Plan plan, Path logs) throws PeerFailure {
        this.command = command;
        this.plan = plan;
        this.log = logs.resolve(command.name() + ".log");
        this.process = PeerProcess.start(command.command(), log);
    }

    String name() {
        return command.name();
    }

    String version() {
        return process.version();
    }

    Duration cpuTime() {
        return process.cpuTime();
    }

    /** Runs the shape, ever longer, until the warm-up is over; the last run says how many iterations to measure. */
    void warmUp(Shape shape) throws PeerFailure {
        long end = System.nanoTime() + (long) (plan.warmUp().toNanos() * command.warmUpShare());
        int count = 1;
        do {
            count = resized(count, timed(shape, count));
        } while (System.nanoTime() < end);
        iterations.put(shape.name(), count);
    }

    /** One run that is not kept: other shapes have run since the warm-up. */
    void settle(Shape shape) throws PeerFailure {
        if (!iterations.containsKey(shape.name())) {
            warmUp(shape);
        }
        int count = iterations(shape);
        iterations.put(shape.name(), resized(count, timed(shape, count)));
    }

    Cost measure(Shape shape) throws PeerFailure {
        return run(shape, iterations(shape));
    }

    /** Bytes per operation by the twin that counts them, if this peer has one. */
    OptionalDouble countAllocations(Shape shape) throws PeerFailure {
        if (command.counting().isEmpty()) {
            return OptionalDouble.empty();
        }
        if (counting == null) {
            counting = PeerProcess.start(command.counting(), log);
        }
        Double alloc = counting.run(shape.name(), Math.max(1, iterations(shape) / 4), plan.limit()).alloc();
        return alloc == null ? OptionalDouble.empty() : OptionalDouble.of(alloc);
    }

    private int iterations(Shape shape) {
        return iterations.getOrDefault(shape.name(), 1);
    }

    private long timed(Shape shape, int count) throws PeerFailure {
        long start = System.nanoTime();
        run(shape, count);
        return System.nanoTime() - start;
    }

    /** At most doubles, so that one lucky run early in the warm-up does not make the next one endless. */
    private int resized(int count, long nanos) {
        double wanted = (double) count * plan.run().toNanos() / nanos;
        return (int) Math.clamp(Math.round(wanted), 1, Math.min(2L * count, MAX_ITERATIONS));
    }

    private Cost run(Shape shape, int count) throws PeerFailure {
        if (!process.alive()) {
            iterations.clear();
            process = PeerProcess.start(command.command(), log);
        }
        return process.run(shape.name(), count, plan.limit());
    }

    @Override
    public void close() {
        process.close();
        if (counting != null) {
            counting.close();
        }
    }

    static void closeAll(List<Contender> contenders) {
        contenders.forEach(Contender::close);
    }
}
