/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.scheduler;

import dev.weft.internal.timer.TimerEntry;

/** A timed park, sleep or wait of a virtual thread: the JDK gave us the command that ends it. */
final class JdkTimer extends TimerEntry {

    private final Runnable command;

    JdkTimer(long deadlineNanos, Runnable command) {
        super(deadlineNanos);
        this.command = command;
    }

    @Override
    protected void fire() {
        command.run();
    }

    Runnable command() {
        return command;
    }
}
