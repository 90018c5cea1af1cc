/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.actuate.metrics;

import dev.weft.WeftRuntime;
import dev.weft.metrics.RuntimeMetrics;
import io.micrometer.core.instrument.Clock;
import java.util.concurrent.TimeUnit;

/**
 * The snapshot that all meters of a runtime read during one scrape: taking one visits every worker, and figures that
 * belong together should not come from different moments. Thread-safe.
 */
final class Snapshots {

    /** Longer than a scrape lasts, shorter than the time between two. */
    private static final long LIFETIME_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final WeftRuntime runtime;
    private final Clock clock;
    private RuntimeMetrics current;
    private long takenAt;

    Snapshots(WeftRuntime runtime, Clock clock) {
        this.runtime = runtime;
        this.clock = clock;
        current = runtime.metrics();
        takenAt = clock.monotonicTime();
    }

    synchronized RuntimeMetrics current() {
        long now = clock.monotonicTime();
        if (now - takenAt >= LIFETIME_NANOS) {
            current = runtime.metrics();
            takenAt = now;
        }
        return current;
    }
}
