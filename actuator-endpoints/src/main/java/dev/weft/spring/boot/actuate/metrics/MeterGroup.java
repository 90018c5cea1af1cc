/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.actuate.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Meters that have the same tags and read the same record.
 *
 * <p>Meters hold their group weakly, so somebody must hold the group.
 *
 * <p>They are NaN once the source has nothing more to read.
 *
 * @param <T> the record
 */
final class MeterGroup<T> {

    private final MeterRegistry registry;
    private final Tags tags;
    private final Supplier<@Nullable T> source;
    private final List<Meter> meters = new ArrayList<>();

    MeterGroup(MeterRegistry registry, Tags tags, Supplier<@Nullable T> source) {
        this.registry = registry;
        this.tags = tags;
        this.source = source;
    }

    /** Adds something that only grows. */
    MeterGroup<T> counter(String name, String unit, String description, ToDoubleFunction<T> value) {
        meters.add(FunctionCounter.builder(name, this, group -> group.read(value))
                .tags(tags)
                .baseUnit(unit)
                .description(description)
                .register(registry));
        return this;
    }

    /** Adds time that only grows. */
    MeterGroup<T> seconds(String name, String description, Function<T, Duration> value) {
        return counter(name, "seconds", description, record -> seconds(value.apply(record)));
    }

    /** Adds something of the moment. */
    MeterGroup<T> gauge(String name, String unit, String description, ToDoubleFunction<T> value) {
        meters.add(Gauge.builder(name, this, group -> group.read(value))
                .tags(tags)
                .baseUnit(unit)
                .description(description)
                .register(registry));
        return this;
    }

    /** Adds time of the moment. */
    MeterGroup<T> timeGauge(String name, String description, Function<T, Duration> value) {
        meters.add(TimeGauge.builder(
                name, this, TimeUnit.SECONDS, group -> group.read(record -> seconds(value.apply(record))))
                .tags(tags)
                .description(description)
                .register(registry));
        return this;
    }

    /** Adds a count and the sum of the times it took. */
    MeterGroup<T> timer(String name, String description, ToLongFunction<T> count, Function<T, Duration> total) {
        meters.add(FunctionTimer.builder(
                name,
                this,
                group -> (long) group.read(count::applyAsLong),
                group -> group.read(record -> seconds(total.apply(record))),
                TimeUnit.SECONDS)
                .tags(tags)
                .description(description)
                .register(registry));
        return this;
    }

    /** Takes all of them out of the registry. */
    void remove() {
        meters.forEach(registry::remove);
    }

    private double read(ToDoubleFunction<T> value) {
        T record = source.get();
        return record == null ? Double.NaN : value.applyAsDouble(record);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
