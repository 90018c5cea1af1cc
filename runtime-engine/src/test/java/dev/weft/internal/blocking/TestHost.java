/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.blocking;

import dev.weft.clock.TimeSource;
import dev.weft.internal.context.RuntimeHost;
import dev.weft.internal.task.TaskCell;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** A runtime without a scheduler. */
public final class TestHost extends RuntimeHost {

    /** How many tasks were aborted before they ran. */
    public final AtomicInteger endedUnstarted = new AtomicInteger();

    private final TimeSource clock;

    public TestHost() {
        this(TimeSource.system());
    }

    public TestHost(TimeSource clock) {
        this.clock = clock;
    }

    public <T> TaskCell<T> task(Callable<T> body) {
        return new TaskCell<>(this, body, null);
    }

    /** Waits for a condition that another thread makes true in a moment. */
    public static ConditionFactory eventually() {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1));
    }

    @Override
    public TimeSource clock() {
        return clock;
    }

    @Override
    public <T> Future<T> spawn(Callable<? extends T> body, String name, Map<String, String> tags) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean runInline(Future<?> task) {
        throw new UnsupportedOperationException("it would be counted as a task of the scheduler");
    }

    @Override
    public Alarm schedule(long deadlineNanos, Runnable wake) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void whenDone(Future<?> task, Runnable told) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Duration abortPeriod() {
        return Duration.ofSeconds(5);
    }

    @Override
    protected void endedUnstarted(TaskCell<?> task, boolean unscheduled) {
        endedUnstarted.incrementAndGet();
    }

    @Override
    protected void endedBadly(TaskCell<?> task, boolean aborted) {}

    @Override
    protected void uncaught(long taskId, String taskName, Throwable failure) {}
}
