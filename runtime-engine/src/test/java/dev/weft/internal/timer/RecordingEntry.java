/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.timer;

/** An entry that counts how often it fired, and may then do something more. */
final class RecordingEntry extends TimerEntry {

    private final Runnable action;
    int fired;

    RecordingEntry(long deadlineNanos) {
        this(deadlineNanos, () -> {});
    }

    RecordingEntry(long deadlineNanos, Runnable action) {
        super(deadlineNanos);
        this.action = action;
    }

    @Override
    protected void fire() {
        fired++;
        action.run();
    }

    boolean rearmFor(long deadlineNanos) {
        return rearm(deadlineNanos);
    }
}
