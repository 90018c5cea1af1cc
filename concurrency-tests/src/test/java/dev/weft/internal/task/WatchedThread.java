/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.task;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A runner's thread that never runs: it is only interrupted, and notes who was on it at that moment. */
final class WatchedThread extends Thread {

    /** Who is on the thread. */
    interface Occupant {
        boolean isAbortRequested();

        boolean isDone();

        static Occupant of(TaskCell<?> cell) {
            return of(cell::isAbortRequested, cell::isDone);
        }

        static Occupant of(BooleanSupplier abortRequested, BooleanSupplier done) {
            return new Occupant() {
                @Override
                public boolean isAbortRequested() {
                    return abortRequested.getAsBoolean();
                }

                @Override
                public boolean isDone() {
                    return done.getAsBoolean();
                }
            };
        }
    }

    volatile @Nullable Occupant occupant;
    volatile @Nullable Occupant interrupted;
    volatile boolean wronglyInterrupted;

    @Override
    public void interrupt() {
        Occupant hit = occupant;
        interrupted = hit;
        if (hit == null || !hit.isAbortRequested() || hit.isDone()) {
            wronglyInterrupted = true;
        }
    }
}
