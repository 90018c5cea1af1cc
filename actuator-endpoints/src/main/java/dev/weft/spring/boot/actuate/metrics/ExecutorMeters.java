/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.actuate.metrics;

import dev.weft.metrics.BlockingPoolMetrics;
import dev.weft.metrics.RuntimeMetrics;
import io.micrometer.core.instrument.binder.BaseUnits;
import java.util.function.ToDoubleFunction;

/** The names that Micrometer gives to executors of the JDK, so that dashboards made for those show runtimes too. */
final class ExecutorMeters {

    private ExecutorMeters() {}

    static void bindRuntime(MeterGroup<RuntimeMetrics> group, boolean ownWorkers) {
        bindWork(
                group,
                metrics -> metrics.live() - metrics.admission().queued(),
                RuntimeMetrics::completed,
                metrics -> metrics.admission().queued(),
                metrics -> remaining(metrics.admission().queueCapacity(), metrics.admission().queued()));
        if (ownWorkers) {
            ToDoubleFunction<RuntimeMetrics> workers = metrics -> metrics.workers().size();
            bindThreads(group, workers, workers, workers);
        }
    }

    static void bindBlocking(MeterGroup<BlockingPoolMetrics> group) {
        bindWork(
                group,
                pool -> pool.threads() - pool.idleThreads(),
                BlockingPoolMetrics::completed,
                BlockingPoolMetrics::queued,
                pool -> remaining(pool.queueCapacity(), pool.queued()));
        bindThreads(group, BlockingPoolMetrics::threads, pool -> 0, BlockingPoolMetrics::maxThreads);
    }

    private static <T> void bindWork(
            MeterGroup<T> group,
            ToDoubleFunction<T> active,
            ToDoubleFunction<T> completed,
            ToDoubleFunction<T> queued,
            ToDoubleFunction<T> remaining) {
        group
                .gauge("executor.active", BaseUnits.THREADS, "Tasks or jobs that are under way", active)
                .counter("executor.completed", BaseUnits.TASKS, "Tasks or jobs that ended", completed)
                .gauge("executor.queued", BaseUnits.TASKS, "Tasks or jobs that wait to be let in", queued)
                .gauge("executor.queue.remaining", BaseUnits.TASKS, "Tasks or jobs that may yet wait", remaining);
    }

    private static <T> void bindThreads(
            MeterGroup<T> group, ToDoubleFunction<T> size, ToDoubleFunction<T> core, ToDoubleFunction<T> max) {
        group
                .gauge("executor.pool.size", BaseUnits.THREADS, "Workers, or threads of the pool", size)
                .gauge("executor.pool.core", BaseUnits.THREADS, "Those of them that stay when idle", core)
                .gauge("executor.pool.max", BaseUnits.THREADS, "How many there may be", max);
    }

    private static int remaining(int capacity, int queued) {
        return capacity == 0 ? Integer.MAX_VALUE : Math.max(0, capacity - queued);
    }
}
