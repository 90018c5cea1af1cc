/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** A task ended. Off by default: it makes each task cost several times as much. */
@Name("dev.weft.Task")
@Label("Task")
@Category("Weft")
@Description("A task ended; threads are reused, so this is what tells tasks apart")
@StackTrace(false)
@Enabled(false)
public final class TaskEvent extends Event {

    @Label("Task Id")
    final long taskId;

    @Label("Name")
    final @Nullable String name;

    @Label("Outcome")
    final String outcome;

    @Label("Queued")
    @Timespan(Timespan.NANOSECONDS)
    final long queued;

    @Label("Ran")
    @Timespan(Timespan.NANOSECONDS)
    final long ran;

    private TaskEvent(long taskId, @Nullable String name, String outcome, long queued, long ran) {
        this.taskId = taskId;
        this.name = name;
        this.outcome = outcome;
        this.queued = queued;
        this.ran = ran;
    }

    /** Returns whether anybody records these events. Folded to a field read by the JIT. */
    public static boolean isRecording() {
        return new TaskEvent(0, null, "", 0, 0).isEnabled();
    }

    /** Records one, if anybody listens. */
    public static void emit(long taskId, @Nullable String name, String outcome, long queuedNanos, long ranNanos) {
        new TaskEvent(taskId, name, outcome, queuedNanos, ranNanos).commit();
    }
}
