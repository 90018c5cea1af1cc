/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring;

import dev.weft.Task;
import dev.weft.WeftRuntime;
import dev.weft.metrics.TaskInfo;
import dev.weft.task.JoinHandle;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The live tasks that a stop waits for: all of a runtime, except the one that asked for it, which would otherwise wait
 * for its own end.
 */
final class Bystanders {

    /** How soon a stop notices that it is no longer wanted: the engine's wait is not cut short by an interrupt. */
    private static final long LONGEST_WAIT_NANOS = 50_000_000;

    private final WeftRuntime runtime;
    private final @Nullable Long asker;

    private Bystanders(WeftRuntime runtime, @Nullable Long asker) {
        this.runtime = runtime;
        this.asker = asker;
    }

    /** Looks at a runtime on behalf of the calling thread. */
    static Bystanders of(WeftRuntime runtime) {
        Long current = Task.current().map(JoinHandle::id).orElse(null);
        boolean inside = current != null && runtime.task(current).isPresent();
        return new Bystanders(runtime, inside ? current : null);
    }

    boolean awaitEnd(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            long left = Math.max(0, deadline - System.nanoTime());
            if (runtime.awaitQuiet(Duration.ofNanos(Math.min(left, LONGEST_WAIT_NANOS))) || onlyAskerLives()) {
                return true;
            }
            if (left == 0) {
                return false;
            }
        }
    }

    private boolean onlyAskerLives() {
        return asker != null && list(false, 1).isEmpty();
    }

    void abort(String reason) {
        if (asker == null) {
            runtime.abortAll(reason);
        } else {
            list(false, Integer.MAX_VALUE).forEach(task -> runtime.abort(task.id(), reason));
        }
    }

    List<TaskInfo> list(boolean withStacks, int limit) {
        return runtime.tasks(withStacks, limit == Integer.MAX_VALUE ? limit : limit + 1).stream()
                .filter(task -> asker == null || task.id() != asker)
                .limit(limit)
                .toList();
    }
}
