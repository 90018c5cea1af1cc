/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.actuate.metrics;

import dev.weft.Mode;
import dev.weft.WeftRuntime;
import dev.weft.metrics.BlockingPoolMetrics;
import dev.weft.metrics.RuntimeMetrics;
import dev.weft.metrics.WorkerMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one runtime in one registry.
 *
 * <p>Workers come and go with {@code resizeWorkers}, and their meters with them: looked at whenever a meter is read.
 */
final class RuntimeMeterGroups {

    private final MeterRegistry registry;
    private final Tags tags;
    private final Snapshots snapshots;

    /** Held for the meters. */
    private final List<MeterGroup<?>> groups = new ArrayList<>();

    /** One group per worker. Guarded by itself. */
    private final List<MeterGroup<WorkerMetrics>> workers = new ArrayList<>();

    RuntimeMeterGroups(WeftRuntime runtime, MeterRegistry registry) {
        this.registry = registry;
        tags = Tags.of("runtime", runtime.name());
        snapshots = new Snapshots(runtime, registry.config().clock());
        boolean dedicated = runtime.mode() == Mode.DEDICATED;

        group(tags.and("mode", runtime.mode().toString()), this::current)
                .gauge("weft.mode", "runtimes", "Always 1; the tag says in which mode the runtime is", metrics -> 1);
        TaskMeters.bind(group(tags, this::current));
        TimerMeters.bind(group(tags, () -> current().timers()));
        AdmissionMeters.bind(group(tags, () -> current().admission()));
        if (dedicated) {
            SchedulerMeters.bind(group(tags, this::current));
            adjustWorkers(snapshots.current().workers().size());
        }
        ExecutorMeters.bindRuntime(group(Tags.of("name", runtime.name()), this::current), dedicated);
        snapshots.current().blocking().keySet().forEach(pool -> bindPool(runtime.name(), pool));
    }

    private void bindPool(String runtime, String pool) {
        Supplier<@Nullable BlockingPoolMetrics> source = () -> current().blocking().get(pool);
        String executor = pool.equals("main") ? runtime + "-blocking" : runtime + "-blocking-" + pool;
        BlockingPoolMeters.bind(group(tags.and("pool", pool), source));
        ExecutorMeters.bindBlocking(group(Tags.of("name", executor), source));
    }

    private <T> MeterGroup<T> group(Tags tags, Supplier<@Nullable T> source) {
        MeterGroup<T> group = new MeterGroup<>(registry, tags, source);
        groups.add(group);
        return group;
    }

    private RuntimeMetrics current() {
        RuntimeMetrics current = snapshots.current();
        adjustWorkers(current.workers().size());
        return current;
    }

    private @Nullable WorkerMetrics worker(int index) {
        List<WorkerMetrics> present = current().workers();
        return index < present.size() ? present.get(index) : null;
    }

    private void adjustWorkers(int count) {
        synchronized (workers) {
            while (workers.size() < count) {
                int index = workers.size();
                MeterGroup<WorkerMetrics> worker = new MeterGroup<>(registry, tags.and("worker", String.valueOf(index)),
                        () -> worker(index));
                WorkerMeters.bind(worker);
                workers.add(worker);
            }
            while (workers.size() > count) {
                workers.removeLast().remove();
            }
        }
    }
}
