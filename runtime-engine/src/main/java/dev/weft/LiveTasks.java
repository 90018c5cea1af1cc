/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import dev.weft.internal.scheduler.TaskVisitor;
import dev.weft.internal.task.TaskCell;
import dev.weft.metrics.TaskInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the tasks that live in a runtime: queued, running, suspended, at the gate or on the submitter that it sent
 * back, in the blocking pool.
 */
final class LiveTasks {

    private static final int MAX_FRAMES = 256;

    private final RuntimeCore core;

    LiveTasks(RuntimeCore core) {
        this.core = core;
    }

    /** One live task, before anything costly was asked about it. */
    private record Live(TaskCell<?> task, @Nullable Thread thread, long slices, long busyNanos, long seenNanos) {
    }

    private List<Live> all() {
        List<Live> found = new ArrayList<>();
        core.scheduler().visit(new TaskVisitor() {
            @Override
            public void queued(TaskCell<?> task) {
                found.add(new Live(task, null, -1, -1, 0));
            }

            @Override
            public void started(TaskCell<?> task, Thread thread, long slices, long busyNanos, long seenNanos) {
                found.add(new Live(task, thread, slices, busyNanos, seenNanos));
            }
        });
        core.gate().forEachQueued(task -> found.add(new Live(task, null, -1, -1, 0)));
        core.gate().forEachOnCaller((task, thread) -> found.add(new Live(task, thread, -1, -1, 0)));
        core.blocking().forEachJob((task, running, thread) -> found.add(new Live(task, thread, -1, -1, 0)));
        found.removeIf(live -> live.task.isDone());
        return found;
    }

    List<TaskInfo> list(boolean withStacks, int limit) {
        return all().stream()
                .limit(limit)
                .map(live -> describe(live, withStacks))
                .toList();
    }

    Optional<TaskInfo> find(long id) {
        return all().stream()
                .filter(live -> live.task.id() == id)
                .findFirst()
                .map(live -> describe(live, true));
    }

    boolean abort(long id, String reason) {
        for (Live live : all()) {
            if (live.task.id() == id) {
                return live.task.abort(reason);
            }
        }
        return false;
    }

    /** Aborts those that nobody has asked to stop yet. */
    void abortOthers(String reason) {
        for (Live live : all()) {
            if (!live.task.isAbortRequested()) {
                live.task.abort(reason);
            }
        }
    }

    int abortAll(String reason) {
        int[] aborted = {0};
        Consumer<Live> abort = live -> {
            if (live.task.abort(reason)) {
                aborted[0]++;
            }
        };
        all().forEach(abort);
        return aborted[0];
    }

    private TaskInfo describe(Live live, boolean withStack) {
        TaskCell<?> task = live.task;
        Thread thread = live.thread;
        Object blocker = thread == null ? null : LockSupport.getBlocker(thread);
        return new TaskInfo(
                task.id(),
                task.name(),
                task.tags(),
                state(task, thread),
                age(task, live.seenNanos),
                live.busyNanos < 0 ? null : Duration.ofNanos(live.busyNanos),
                live.slices < 0 ? null : live.slices,
                task.isAbortRequested(),
                blocker == null ? null : describe(blocker),
                thread == null ? null : thread.getName(),
                withStack && thread != null ? stack(thread) : List.of());
    }

    private static TaskInfo.State state(TaskCell<?> task, @Nullable Thread thread) {
        if (task.isBlocking()) {
            return TaskInfo.State.BLOCKING;
        }
        if (thread == null) {
            return TaskInfo.State.QUEUED;
        }
        return switch (thread.getState()) {
            case BLOCKED, WAITING, TIMED_WAITING -> TaskInfo.State.SUSPENDED;
            default -> TaskInfo.State.RUNNING;
        };
    }

    private @Nullable Duration age(TaskCell<?> task, long seenNanos) {
        long since = task.spawnedNanos() != 0 ? task.spawnedNanos() : seenNanos;
        return since == 0 ? null : Duration.ofNanos(Math.max(0, core.clock().nanoTime() - since));
    }

    /** A blocker's own words may be user code, or absurdly long. */
    private static String describe(Object blocker) {
        String text;
        try {
            text = blocker.toString();
        } catch (RuntimeException e) {
            text = blocker.getClass().getName();
        }
        return text.length() <= 200 ? text : text.substring(0, 200);
    }

    /** A suspended recursion can be millions of frames deep: reading it may fail, and it is cut. */
    private static List<StackTraceElement> stack(Thread thread) {
        try {
            StackTraceElement[] frames = thread.getStackTrace();
            return List.of(frames).subList(0, Math.min(frames.length, MAX_FRAMES));
        } catch (OutOfMemoryError | StackOverflowError e) {
            return List.of();
        }
    }
}
