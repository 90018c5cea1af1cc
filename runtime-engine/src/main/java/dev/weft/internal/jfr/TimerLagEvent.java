/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** Timers fired late, because their worker was busy. */
@Name("dev.weft.TimerLag")
@Label("Timer Lag")
@Category("Weft")
@Description("A worker came to its timers more than 10 ms after the first of them was due")
@StackTrace(false)
public final class TimerLagEvent extends Event {

    @Label("Worker")
    final int worker;

    @Label("Lag")
    @Timespan(Timespan.NANOSECONDS)
    final long lag;

    private TimerLagEvent(int worker, long lag) {
        this.worker = worker;
        this.lag = lag;
    }

    /** Records one, if anybody listens. */
    public static void emit(int worker, long lagNanos) {
        new TimerLagEvent(worker, lagNanos).commit();
    }
}
