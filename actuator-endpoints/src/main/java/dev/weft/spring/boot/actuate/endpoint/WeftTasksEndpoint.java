/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.actuate.endpoint;

import dev.weft.WeftRuntime;
import dev.weft.metrics.TaskInfo;
import dev.weft.spring.WeftRuntimes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.util.PatternMatchUtils;

/**
 * Lists live tasks, groups them by stack, shows one with its stack, and aborts one.
 *
 * <p>Stacks cost time, so lists come without them and grouped dumps look at a bounded number of tasks. Ids are unique in
 * the JVM: one is looked up in every runtime.
 */
@Endpoint(id = "wefttasks", defaultAccess = Access.READ_ONLY)
public final class WeftTasksEndpoint {

    private static final int DEFAULT_SIZE = 100;
    private static final int MAX_SIZE = 1000;
    private static final int MAX_LISTED = 100_000;
    private static final int MAX_DUMPED = 10_000;
    private static final int IDS_PER_GROUP = 10;

    private final WeftRuntimes runtimes;

    /** Creates the endpoint over some runtimes. */
    public WeftTasksEndpoint(WeftRuntimes runtimes) {
        this.runtimes = runtimes;
    }

    /**
     * Lists the tasks that match, by id, or groups them.
     *
     * <p>A task gets its id when somebody first asks for it, often this very list. So the order is the same on each page
     * and in each answer, but it is not the order in which the tasks were spawned.
     */
    @ReadOperation
    public WebEndpointResponse<Object> tasks(
            @Nullable String runtime,
            @Nullable String name,
            TaskInfo.@Nullable State state,
            @Nullable Duration minAge,
            @Nullable String group,
            @Nullable Integer page,
            @Nullable Integer size) {
        if (runtime != null && runtimes.find(runtime).isEmpty()) {
            return ProblemDescriptor.notFound("no runtime is named '%s'".formatted(runtime));
        }
        if (group != null && !group.equals("stack")) {
            return ProblemDescriptor.badRequest("group must be 'stack', was '%s'".formatted(group));
        }
        if (page != null && page < 0) {
            return ProblemDescriptor.badRequest("page must be at least 0, was %d".formatted(page));
        }
        if (size != null && (size < 1 || size > MAX_SIZE)) {
            return ProblemDescriptor.badRequest("size must be between 1 and %d, was %d".formatted(MAX_SIZE, size));
        }
        Page wanted = new Page(page == null ? 0 : page, size == null ? DEFAULT_SIZE : size);
        Collection<WeftRuntime> searched = runtime == null ? runtimes.all() : runtimes.find(runtime).stream().toList();
        Predicate<TaskInfo> filter = task -> matches(task, name, state, minAge);
        return new WebEndpointResponse<>(
                group == null ? list(searched, filter, wanted) : groups(searched, filter, wanted));
    }

    /** Shows one task with its stack. */
    @ReadOperation
    public WebEndpointResponse<Object> task(@Selector long id) {
        for (WeftRuntime runtime : runtimes.all()) {
            Optional<TaskInfo> found = runtime.task(id);
            if (found.isPresent()) {
                return new WebEndpointResponse<>(TaskDescriptor.withStack(runtime, found.get()));
            }
        }
        return notAlive(id);
    }

    /** Asks one task to stop. */
    @DeleteOperation
    public WebEndpointResponse<Object> abort(@Selector long id) {
        for (WeftRuntime runtime : runtimes.all()) {
            if (runtime.abort(id, "aborted through Actuator")) {
                return new WebEndpointResponse<>(new AbortDescriptor(id, runtime.name(), true), 202);
            }
        }
        return notAlive(id);
    }

    private static WebEndpointResponse<Object> notAlive(long id) {
        return ProblemDescriptor.notFound("no live task has the id %d".formatted(id));
    }

    private static boolean matches(
            TaskInfo task, @Nullable String name, TaskInfo.@Nullable State state, @Nullable Duration minAge) {
        Duration age = task.age();
        return (name == null || PatternMatchUtils.simpleMatch(name, task.name()))
                && (state == null || state == task.state())
                && (minAge == null || (age != null && age.compareTo(minAge) >= 0));
    }

    private static TasksDescriptor list(Collection<WeftRuntime> runtimes, Predicate<TaskInfo> filter, Page page) {
        List<TaskDescriptor> found = new ArrayList<>();
        boolean truncated = false;
        for (WeftRuntime runtime : runtimes) {
            List<TaskInfo> tasks = runtime.tasks(false, MAX_LISTED);
            truncated |= tasks.size() == MAX_LISTED;
            tasks.stream()
                    .filter(filter)
                    .map(task -> TaskDescriptor.withoutStack(runtime, task))
                    .forEach(found::add);
        }
        found.sort(Comparator.comparingLong(TaskDescriptor::id));
        return new TasksDescriptor(found.size(), truncated, page.number(), page.size(), page.of(found));
    }

    private static GroupsDescriptor groups(Collection<WeftRuntime> runtimes, Predicate<TaskInfo> filter, Page page) {
        Map<List<String>, List<TaskInfo>> byStack = new LinkedHashMap<>();
        boolean truncated = false;
        for (WeftRuntime runtime : runtimes) {
            List<TaskInfo> tasks = runtime.tasks(true, MAX_DUMPED);
            truncated |= tasks.size() == MAX_DUMPED;
            tasks.stream().filter(filter).forEach(task -> byStack.computeIfAbsent(
                    TaskDescriptor.frames(task), stack -> new ArrayList<>())
                    .add(task));
        }
        List<GroupDescriptor> groups = byStack.entrySet().stream()
                .map(entry -> GroupDescriptor.of(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingInt(GroupDescriptor::count).reversed())
                .toList();
        int tasks = groups.stream().mapToInt(GroupDescriptor::count).sum();
        return new GroupsDescriptor(tasks, groups.size(), truncated, page.number(), page.size(), page.of(groups));
    }

    private record Page(int number, int size) {

        <T> List<T> of(List<T> all) {
            return all.stream().skip((long) number * size).limit(size).toList();
        }
    }

    /**
     * A page of tasks.
     *
     * @param total how many match
     * @param truncated whether a runtime had more tasks than are looked at
     * @param page which page, from 0
     * @param size how many tasks a page holds
     * @param tasks the tasks of this page, by id
     */
    public record TasksDescriptor(int total, boolean truncated, int page, int size,
            List<TaskDescriptor> tasks) implements OperationResponseBody {}

    /**
     * A page of groups of tasks that have the same stack.
     *
     * @param tasks how many tasks match
     * @param total how many groups they form
     * @param truncated whether a runtime had more tasks than are looked at
     * @param page which page, from 0
     * @param size how many groups a page holds
     * @param groups the groups of this page, largest first
     */
    public record GroupsDescriptor(
            int tasks, int total, boolean truncated, int page, int size,
            List<GroupDescriptor> groups) implements OperationResponseBody {}

    /**
     * Tasks that have the same stack.
     *
     * @param count how many
     * @param ids of the first few
     * @param names their names, without repetition
     * @param stack innermost frame first; empty for tasks that have none, because they have not started
     */
    public record GroupDescriptor(int count, List<Long> ids, List<String> names, List<String> stack) {

        static GroupDescriptor of(List<String> stack, List<TaskInfo> tasks) {
            return new GroupDescriptor(
                    tasks.size(),
                    tasks.stream().map(TaskInfo::id).limit(IDS_PER_GROUP).toList(),
                    tasks.stream()
                            .<String>mapMulti((task, names) -> {
                                String name = task.name();
                                if (name != null) {
                                    names.accept(name);
                                }
                            })
                            .distinct()
                            .limit(IDS_PER_GROUP)
                            .toList(),
                    stack);
        }
    }

    /**
     * An abort that was asked for. The task ends when its body has unwound.
     *
     * @param id the task
     * @param runtime where it runs
     * @param abortRequested always true
     */
    public record AbortDescriptor(long id, String runtime, boolean abortRequested) implements OperationResponseBody {}
}
