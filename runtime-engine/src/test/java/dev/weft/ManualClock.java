/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import dev.weft.clock.TimeSource;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until it is moved. */
public final class ManualClock implements TimeSource {

    private final AtomicLong nanos;

    public ManualClock() {
        this(0);
    }

    public ManualClock(long origin) {
        nanos = new AtomicLong(origin);
    }

    @Override
    public long nanoTime() {
        return nanos.get();
    }

    public void advance(Duration by) {
        nanos.addAndGet(by.toNanos());
    }
}
