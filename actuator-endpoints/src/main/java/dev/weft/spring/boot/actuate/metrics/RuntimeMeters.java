/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.actuate.metrics;

import dev.weft.spring.WeftRuntimes;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Binds the meters of all runtimes. The catalogue is docs/metrics.md. */
public final class RuntimeMeters implements MeterBinder {

    private final WeftRuntimes runtimes;

    /** Held for the meters, which hold what they read weakly. */
    private final List<RuntimeMeterGroups> bound = new CopyOnWriteArrayList<>();

    /** Creates the binder for some runtimes. */
    public RuntimeMeters(WeftRuntimes runtimes) {
        this.runtimes = runtimes;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        runtimes.all().forEach(runtime -> bound.add(new RuntimeMeterGroups(runtime, registry)));
    }
}
