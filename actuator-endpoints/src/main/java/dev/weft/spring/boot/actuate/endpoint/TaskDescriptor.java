/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.actuate.endpoint;

import dev.weft.WeftRuntime;
import dev.weft.metrics.TaskInfo;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * A live task.
 *
 * @param id unique in this JVM
 * @param runtime where it runs
 * @param name given at spawn, absent when it has none
 * @param tags given at spawn
 * @param state queued, running, suspended or blocking
 * @param age since it was first seen, absent when nobody has measured
 * @param busy how long of that it was on a worker, as sampled, absent where that is not known
 * @param idle the rest of its age
 * @param slices how often it was on a worker, absent where that is not known
 * @param abortRequested whether somebody asked it to stop
 * @param waitingFor what it is parked on, absent when it is not
 * @param thread the name of its thread, absent when it has none
 * @param stack innermost frame first, absent when it was not asked for
 */
public record TaskDescriptor(
        long id,
        String runtime,
        @Nullable String name,
        Map<String, String> tags,
        String state,
        @Nullable Duration age,
        @Nullable Duration busy,
        @Nullable Duration idle,
        @Nullable Long slices,
        boolean abortRequested,
        @Nullable String waitingFor,
        @Nullable String thread,
        @Nullable List<String> stack) implements OperationResponseBody {

    static TaskDescriptor withoutStack(WeftRuntime runtime, TaskInfo task) {
        return of(runtime, task, null);
    }

    static TaskDescriptor withStack(WeftRuntime runtime, TaskInfo task) {
        return of(runtime, task, frames(task));
    }

    static List<String> frames(TaskInfo task) {
        return task.stack().stream().map(StackTraceElement::toString).toList();
    }

    private static @Nullable Duration idle(TaskInfo task) {
        Duration age = task.age();
        Duration busy = task.busy();
        if (age == null || busy == null) {
            return null;
        }
        return busy.compareTo(age) < 0 ? age.minus(busy) : Duration.ZERO;
    }

    private static TaskDescriptor of(WeftRuntime runtime, TaskInfo task, @Nullable List<String> stack) {
        return new TaskDescriptor(
                task.id(),
                runtime.name(),
                task.name(),
                task.tags(),
                task.state().name().toLowerCase(Locale.ROOT),
                task.age(),
                task.busy(),
                idle(task),
                task.slices(),
                task.abortRequested(),
                task.waitingFor(),
                task.thread(),
                stack);
    }
}
