/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.scheduler;

import dev.weft.internal.port.RuntimePort;
import dev.weft.internal.timer.TimerEntry;

/** A wake-up call that library code asked for. */
final class WakeTimer extends TimerEntry implements RuntimePort.Alarm {

    private final Runnable wake;

    WakeTimer(long deadlineNanos, Runnable wake) {
        super(deadlineNanos);
        this.wake = wake;
    }

    @Override
    protected void fire() {
        wake.run();
    }

    @Override
    public boolean cancel() {
        return cancel(false);
    }
}
