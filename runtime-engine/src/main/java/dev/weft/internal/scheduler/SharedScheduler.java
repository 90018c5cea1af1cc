/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.scheduler;

import dev.weft.internal.concurrent.SlotTable;
import dev.weft.internal.context.ForeignContext;
import dev.weft.internal.context.RuntimeHost;
import dev.weft.internal.port.RuntimePort;
import dev.weft.internal.task.TaskCell;
import dev.weft.metrics.StallInfo;
import dev.weft.metrics.TimerMetrics;
import dev.weft.metrics.WorkerMetrics;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Shared mode: each task is one virtual thread of the JDK's own scheduler, and timers have a service thread.
 *
 * <p>What needs workers of our own is refused with the remedy.
 */
public final class SharedScheduler implements Scheduler {

    private final RuntimeHost host;
    private final SchedulerConfig config;
    private final TimerService timers;
    private final ThreadFactory threads;
    private final SlotTable<SharedTask> live = new SlotTable<>();

    private final LongAdder spawned = new LongAdder();
    private final LongAdder completed = new LongAdder();

    private volatile boolean closed;

    /** A task's thread, and since when. */
    private final class SharedTask {
        final TaskCell<?> task;
        final Thread thread;
        final long startedNanos = config.clock().nanoTime();
        final int slot;

        @SuppressWarnings("this-escape") // listings read the fields that are set by then
        SharedTask(TaskCell<?> task) {
            this.task = task;
            this.thread = threads.newThread(() -> run(this));
            this.slot = live.add(this);
        }

        void start() {
            thread.start();
        }
    }

    /** Makes a scheduler; nothing is started before the first task. */
    public SharedScheduler(RuntimeHost host, SchedulerConfig config) {
        this.host = host;
        this.config = config;
        this.timers = TimerService.of(config.clock());
        this.threads = Thread.ofVirtual()
                .name("")
                .inheritInheritableThreadLocals(false)
                .factory();
    }

    @Override
    public void submit(TaskCell<?> task) {
        spawned.increment();
        if (closed) {
            task.abort("the runtime is closed");
            return;
        }
        SharedTask entry = new SharedTask(task);
        entry.start();
    }

    private void run(SharedTask entry) {
        TaskCell<?> task = entry.task;
        String name = task.name();
        if (name != null) {
            Thread.currentThread().setName(name);
        }
        try {
            if (new ForeignContext(host).run(task)) {
                completed.increment();
            }
        } finally {
            live.remove(entry.slot);
        }
    }

    @Override
    public RuntimePort.Alarm schedule(long deadlineNanos, Runnable wake) {
        WakeTimer timer = new WakeTimer(deadlineNanos, wake);
        timers.register(timer);
        return timer;
    }

    /** Never: without access to a thread's insides a child could see what is the parent's. */
    @Override
    public boolean runInline(TaskCell<?> task) {
        return false;
    }

    @Override
    public void aboutToBlock() {
        // The JDK's scheduler compensates where it can.
    }

    @Override
    public ThreadFactory threadFactory() {
        return Thread.ofVirtual()
                .name(config.threadPrefix() + "-thread-", 1)
                .inheritInheritableThreadLocals(false)
                .factory();
    }

    @Override
    public void endedElsewhere() {
        completed.increment();
    }

    @Override
    public boolean isQuiet() {
        long ended = completed.sum();
        return ended == spawned.sum();
    }

    @Override
    public void visit(TaskVisitor visitor) {
        live.forEach(entry -> {
            if (entry.task.isQueued()) {
                visitor.queued(entry.task);
            } else if (!entry.task.isDone()) {
                visitor.started(entry.task, entry.thread, -1, -1, entry.startedNanos);
            }
        });
    }

    @Override
    public void resize(int workers) {
        throw new UnsupportedOperationException("the number of workers can be changed in dedicated mode only");
    }

    @Override
    public boolean close(long timeout, TimeUnit unit) {
        closed = true;
        return true;
    }

    @Override
    public long spawned() {
        return spawned.sum();
    }

    @Override
    public long completed() {
        return completed.sum();
    }

    @Override
    public long injectionDepth() {
        return 0;
    }

    @Override
    public long guests() {
        return 0;
    }

    @Override
    public long forwarded() {
        return 0;
    }

    @Override
    public List<WorkerMetrics> workers() {
        return List.of();
    }

    /** All of the JVM's shared runtimes go by one service; what is counted is the service. */
    @Override
    public TimerMetrics timers() {
        return CoreSnapshot.timers(timers.driver());
    }

    @Override
    public List<StallInfo> stalls() {
        return List.of();
    }

    @Override
    public long stallCount() {
        return 0;
    }

    @Override
    public long takeovers() {
        return 0;
    }

    @Override
    public long takeoversRefused() {
        return 0;
    }

    @Override
    public int spareWorkers() {
        return 0;
    }
}
