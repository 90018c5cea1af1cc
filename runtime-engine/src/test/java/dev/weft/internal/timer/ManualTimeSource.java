/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.timer;

import dev.weft.clock.TimeSource;

/** A clock that moves when the test says so, also backwards. */
final class ManualTimeSource implements TimeSource {

    private volatile long nanos;

    ManualTimeSource(long nanos) {
        this.nanos = nanos;
    }

    @Override
    public long nanoTime() {
        return nanos;
    }

    void advance(long byNanos) {
        nanos += byNanos;
    }

    void set(long nanos) {
        this.nanos = nanos;
    }
}
