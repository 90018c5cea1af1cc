/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.scheduler;

import dev.weft.clock.TimeSource;

/** The scheduler, as far as its cores and their idle protocol must know it. */
interface CoreHost {

    TimeSource clock();

    /** The cores that new work goes to. */
    Core[] cores();

    /** Those, and the ones that are to be given up but are still worked on. */
    Core[] working();

    /** Whether anybody could take something from somewhere. */
    boolean hasWork();

    /** Whether the calling thread may now touch the core's timers. */
    boolean tryEnter(Core core);

    /** Ends a successful {@link #tryEnter}. */
    void exit(Core core);
}
