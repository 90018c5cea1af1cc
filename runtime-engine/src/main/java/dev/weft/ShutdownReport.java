/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import dev.weft.metrics.TaskInfo;
import java.time.Duration;
import java.util.List;

/**
 * What a shutdown did.
 *
 * @param runtime the runtime's name
 * @param completed tasks that ended by themselves while it drained
 * @param aborted tasks that ended because they were aborted
 * @param discarded tasks among them that had never started
 * @param survivors tasks that did not end; they go on without the runtime, with their stacks as last seen
 * @param took how long it took
 */
public record ShutdownReport(
        String runtime, long completed, long aborted, long discarded, List<TaskInfo> survivors, Duration took) {

    /** Returns whether nothing was left running. */
    public boolean isClean() {
        return survivors.isEmpty();
    }

    /** One line, and one more with the innermost frames for each survivor. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("runtime '" + runtime + "' shut down in " + took.toMillis() + " ms: "
                + completed + " tasks completed, " + aborted + " aborted, " + discarded + " of them unstarted, "
                + survivors.size() + " survived");
        for (TaskInfo task : survivors) {
            text.append("\n\tstill running: ")
                    .append(task.name() == null ? "task" : "'" + task.name() + "'")
                    .append(' ')
                    .append(task.id())
                    .append(task.age() == null ? "" : ", " + task.age().toMillis() + " ms old");
            task.stack().stream().limit(8).forEach(frame -> text.append("\n\t\tat ").append(frame));
        }
        return text.toString();
    }
}
