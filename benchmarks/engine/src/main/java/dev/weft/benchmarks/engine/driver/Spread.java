/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.driver;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** One peer's cost of one shape over all rounds; CPU time and allocation are medians too. */
public record Spread(double median, double min, double max, double cpu, @Nullable Double alloc) {

    static Spread of(List<Cost> costs) {
        double[] nanos = sorted(costs, Cost::nanos);
        return new Spread(
                median(nanos), nanos[0], nanos[nanos.length - 1], median(sorted(costs, Cost::cpu)), alloc(costs));
    }

    Spread withAlloc(@Nullable Double counted) {
        return new Spread(median, min, max, cpu, counted);
    }

    private static @Nullable Double alloc(List<Cost> costs) {
        double[] counted = costs.stream()
                .map(Cost::alloc)
                .filter(alloc -> alloc != null)
                .mapToDouble(Double::doubleValue)
                .sorted()
                .toArray();
        return counted.length == 0 ? null : median(counted);
    }

    private static double[] sorted(List<Cost> costs, ToDoubleFunction<Cost> part) {
        return costs.stream().mapToDouble(part).sorted().toArray();
    }

    private static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
