/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.timer;

/** An entry that counts its firings; they all come from the owner. */
final class CountingEntry extends TimerEntry {

    int fired;

    CountingEntry(long deadlineNanos) {
        super(deadlineNanos);
    }

    @Override
    protected void fire() {
        fired++;
    }
}
