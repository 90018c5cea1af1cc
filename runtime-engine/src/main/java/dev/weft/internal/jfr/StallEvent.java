/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A task kept its worker for longer than the threshold. */
@Name("dev.weft.Stall")
@Label("Worker Stall")
@Category("Weft")
@Description("A task kept its worker for longer than the stall threshold")
@StackTrace(false)
public final class StallEvent extends Event {

    @Label("Runtime")
    final String runtime;

    @Label("Worker")
    final int worker;

    @Label("Task Id")
    final long taskId;

    private StallEvent(String runtime, int worker, long taskId) {
        this.runtime = runtime;
        this.worker = worker;
        this.taskId = taskId;
    }

    /** Records one, if anybody listens. */
    public static void emit(String runtime, int worker, long taskId) {
        new StallEvent(runtime, worker, taskId).commit();
    }
}
