/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.jfr;

import java.lang.invoke.MethodHandles;
import java.util.List;

/** The events that workers record outside of tasks. */
public final class WorkerEvents {

    private WorkerEvents() {
    }

    /** Initialises their classes. */
    public static void load() {
        try {
            for (Class<?> event : List.of(ParkEvent.class, StealEvent.class, TimerLagEvent.class)) {
                MethodHandles.lookup().ensureInitialized(event);
            }
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }
}
