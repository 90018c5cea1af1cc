/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import dev.weft.clock.TimeSource;
import dev.weft.internal.jfr.TaskEvent;
import dev.weft.internal.task.TaskCell;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells listeners and Flight Recorder of tasks. Costs a check for each task while there are neither. Thread-safe. */
final class TaskObservers {

    private static final System.Logger LOG = System.getLogger(WeftRuntime.class.getName());

    private final List<TaskListener> listeners;
    private final TimeSource clock;
    private final AtomicBoolean logged = new AtomicBoolean();

    TaskObservers(List<TaskListener> listeners, TimeSource clock) {
        this.listeners = List.copyOf(listeners);
        this.clock = clock;
    }

    /** A task is about to be submitted. From here on its body may be one that reports. */
    void spawned(TaskCell<?> task) {
        if (!listeners.isEmpty() || TaskEvent.isRecording()) {
            observe(task);
        }
    }

    /** The same where no user code may run: listeners are told when the task starts. */
    void spawnedByTimer(TaskCell<?> task) {
        if (!listeners.isEmpty() || TaskEvent.isRecording()) {
            task.spawnedAt(clock.nanoTime());
            task.wrapBody(body -> new Observed<>(task, body, true));
        }
    }

    private void observe(TaskCell<?> task) {
        task.spawnedAt(clock.nanoTime());
        task.wrapBody(body -> new Observed<>(task, body, false));
        var subject = subject(task);
        tell(listener -> listener.spawned(subject));
    }

    /** A task was aborted before it could start. */
    void discarded(TaskCell<?> task) {
        if (task.spawnedNanos() != 0) {
            ended(subject(task), task, TaskListener.Outcome.ABORTED, Duration.ZERO, 0);
        }
    }

    private void ended(
            TaskListener.Subject subject,
            TaskCell<?> task,
            TaskListener.Outcome outcome,
            Duration ran,
            long queuedNanos) {
        TaskEvent.emit(task.id(), task.name(), outcome.name(), queuedNanos, ran.toNanos());
        tell(listener -> listener.ended(subject, outcome, ran));
    }

    private static TaskListener.Subject subject(TaskCell<?> task) {
        return new TaskListener.Subject(task.id(), task.name(), task.tags());
    }

    private void tell(Consumer<TaskListener> call) {
        for (TaskListener listener : listeners) {
            try {
                call.accept(listener);
            } catch (Throwable e) {
                if (logged.compareAndSet(false, true)) {
                    LOG.log(System.Logger.Level.ERROR, "Weft: a task listener threw; further ones are not logged", e);
                }
            }
        }
    }

    /** A body that reports its start and its end. */
    private final class Observed<T extends @Nullable Object> implements Callable<T> {
        private final TaskCell<?> task;
        private final Callable<T> body;
        private final boolean announce;

        Observed(TaskCell<?> task, Callable<T> body, boolean announce) {
            this.task = task;
            this.body = body;
            this.announce = announce;
        }

        @Override
        public T call() throws Exception {
            var subject = subject(task);
            if (announce) {
                tell(listener -> listener.spawned(subject));
            }
            long start = clock.nanoTime();
            long queued = start - task.spawnedNanos();
            tell(listener -> listener.started(subject, Duration.ofNanos(queued)));
            var outcome = TaskListener.Outcome.FAILED;
            try {
                T value = body.call();
                outcome = TaskListener.Outcome.COMPLETED;
                return value;
            } catch (Throwable e) {
                if (task.isAbortRequested() && TaskCell.isStop(e)) {
                    outcome = TaskListener.Outcome.ABORTED;
                }
                throw e;
            } finally {
                ended(subject, task, outcome, Duration.ofNanos(clock.nanoTime() - start), queued);
            }
        }
    }
}
