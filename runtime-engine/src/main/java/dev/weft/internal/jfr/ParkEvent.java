/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A worker had nothing to do. Off by default: an idle service parks thousands of times a second. */
@Name("dev.weft.WorkerPark")
@Label("Worker Park")
@Category("Weft")
@Description("A worker waited for work")
@StackTrace(false)
@Enabled(false)
public final class ParkEvent extends Event {

    @Label("Worker")
    int worker;

    /** Starts the clock, if anybody listens. */
    public static ParkEvent started() {
        ParkEvent event = new ParkEvent();
        event.begin();
        return event;
    }

    /** Records it, if anybody listens. */
    public void ended(int worker) {
        this.worker = worker;
        commit();
    }
}
