/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.peer;

/**
 * One shape as one peer runs it.
 *
 * @param operationsPerIteration how many operations an iteration is counted as
 */
public record Workload(long operationsPerIteration, Timed timed) {

    /** Runs so many iterations, and returns the nanoseconds that count: for most shapes, all of them. */
    @FunctionalInterface
    public interface Timed {
        long run(int iterations) throws Exception;
    }

    /** One iteration of a shape that counts everything it does. */
    @FunctionalInterface
    public interface Iteration {
        void run() throws Exception;
    }

    /** Load on the runtime, from its start on. */
    public interface Background {

        /** Asks the load to end. */
        void cancel();

        /** Returns when the load is gone. */
        void awaitEnd() throws InterruptedException;
    }

    /** Puts load on the runtime. */
    @FunctionalInterface
    public interface BackgroundSource {
        Background start();
    }

    public static Workload repeated(long operationsPerIteration, Iteration iteration) {
        return new Workload(operationsPerIteration, iterations -> time(iterations, iteration));
    }

    /**
     * The same, beside background load whose start and end are not counted. Some schedulers let such load starve
     * everything else for ever: then the load is taken away, and the run fails and says so.
     */
    public static Workload repeatedBeside(BackgroundSource load, long operationsPerIteration, Iteration iteration) {
        return new Workload(operationsPerIteration, iterations -> {
            Background background = load.start();
            StarvationGuard guard = StarvationGuard.over(background);
            long nanos;
            try {
                nanos = time(iterations, guard.watching(iteration));
            } finally {
                background.cancel();
                background.awaitEnd();
            }
            guard.end();
            return nanos;
        });
    }

    private static long time(int iterations, Iteration iteration) throws Exception {
        long start = System.nanoTime();
        for (int i = 0; i < iterations; i++) {
            iteration.run();
        }
        return System.nanoTime() - start;
    }
}
