/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.admission;

import dev.weft.internal.admission.Admission.Stage;
import dev.weft.internal.context.Contexts;
import dev.weft.internal.context.RuntimeHost;
import dev.weft.internal.port.Ports;
import dev.weft.internal.task.TaskCell;
import dev.weft.metrics.AdmissionMetrics;
import dev.weft.task.WhenFull;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Limits how many tasks spawned from outside the runtime are under way.
 *
 * <p>Thread-safe. {@link #admit} blocks only under {@link WhenFull#WAIT} with a full queue; a virtual thread that waits
 * there suspends. An aborted task gives its permit or its place back at once, on the aborting thread, which never
 * blocks for it.
 */
public final class AdmissionGate {

    /*
     * One lock guards the queue, the submitters that wait for room, and the count of permits in use. Those who give
     * something back never wait for it: a task may end on a worker in its loop, and a worker that waits behind a
     * virtual thread which needs a worker to go on would wait for ever. They note what they give back (returned,
     * vacated) and try the lock. Either they get it, or its holder unlocks after their failed attempt and then finds the
     * note. All four accesses are volatile, so one of the two sees the other.
     *
     * Invariants, whenever the lock is free and nothing is noted:
     *
     *   a task is queued             implies  no permit is free
     *   a submitter waits for room   implies  the queue is full
     *
     * so a newcomer that finds a permit or room has overtaken nobody. Both queues are FIFO, and queued tasks are handed
     * to the scheduler under the lock, so they reach it in that order.
     *
     * A permit is counted when an admission enters PERMIT, and returned when it leaves it (see Admission). The gate
     * learns of a task's end as any joiner does. A flag on the task would be cheaper to set, but the end of a task that
     * is aborted, or claimed by somebody else, while the flag is being set can't be told from one that will see it.
     */

    private final RuntimeHost host;
    private final Consumer<TaskCell<?>> schedule;
    private final ReentrantLock lock = new ReentrantLock();

    // given back, not yet taken into account
    private final AtomicInteger returned = new AtomicInteger();
    private final AtomicReference<@Nullable Admission> vacated = new AtomicReference<>();

    // written under the lock
    private volatile AdmissionLimits limits;
    private volatile boolean open;

    // guarded by the lock
    private final LinkedHashSet<Admission> queue = new LinkedHashSet<>();
    private final LinkedHashSet<Admission> waiting = new LinkedHashSet<>();
    private final Map<TaskCell<?>, Thread> onCallers = new LinkedHashMap<>();
    private int running;
    private long rejected;
    private long callerRuns;
    private boolean closed;

    /**
     * Makes a gate.
     *
     * @param schedule takes over an admitted task; what it refuses it must abort. Called by whoever gave the permit
     *     back, with the gate's lock held: must neither block nor throw
     */
    public AdmissionGate(RuntimeHost host, AdmissionLimits limits, Consumer<TaskCell<?>> schedule) {
        this.host = Objects.requireNonNull(host, "host");
        this.limits = Objects.requireNonNull(limits, "limits");
        this.schedule = Objects.requireNonNull(schedule, "schedule");
        this.open = limits.maxConcurrentTasks() == 0;
    }

    /** Returns whether there is no limit and nobody queues, so that a task needs no admission. Then it is not counted. */
    public boolean isOpen() {
        return open;
    }

    // ---- admission -------------------------------------------------------------------------------------------------

    /**
     * Has a task scheduled as soon as there is a permit for it. Its submitter waits only for room in the queue.
     *
     * @throws RejectedExecutionException when there is no room or the gate is closed; the task is then never scheduled.
     *     The cause is an {@link InterruptedException} when the caller was interrupted while it waited; its interrupt
     *     status is still set
     */
    public void admit(TaskCell<?> task) {
        Admission admission = new Admission(this, task);
        switch (enter(admission)) {
            case PERMIT -> {
                if (admission.watch()) {
                    schedule.accept(task);
                }
            }
            case QUEUED -> admission.watch();
            case ROOM -> awaitRoom(admission);
            default -> {
                if (limits.whenFull() == WhenFull.REJECT) {
                    throw full("");
                }
                runOnCaller(task);
            }
        }
    }

    /** Returns the first stage; NEW when there is no room and the submitter is not to wait. */
    private Stage enter(Admission admission) {
        lock.lock();
        try {
            if (closed) {
                rejected++;
                throw closed();
            }
            settle();
            Stage first = firstStage();
            admission.begin(first);
            switch (first) {
                case PERMIT -> running++;
                case QUEUED -> queue.add(admission);
                case ROOM -> {
                    admission.submitter = Thread.currentThread();
                    waiting.add(admission);
                }
                default -> {
                    if (limits.whenFull() == WhenFull.REJECT) {
                        rejected++;
                    } else {
                        callerRuns++;
                        onCallers.put(admission.task, Thread.currentThread());
                    }
                }
            }
            return first;
        } finally {
            unlock();
        }
    }

    private Stage firstStage() {
        if (hasPermit()) {
            return Stage.PERMIT;
        }
        if (hasRoom()) {
            return Stage.QUEUED;
        }
        return limits.whenFull() == WhenFull.WAIT ? Stage.ROOM : Stage.NEW;
    }

    private boolean hasPermit() {
        int most = limits.maxConcurrentTasks();
        return most == 0 || running < most;
    }

    private boolean hasRoom() {
        int capacity = limits.queueCapacity();
        return capacity == 0 || queue.size() < capacity;
    }

    private void awaitRoom(Admission admission) {
        long since = now();
        admission.watch();
        while (admission.stage() == Stage.ROOM) {
            // Read again each time: the limit may have changed.
            Duration timeout = limits.waitTimeout();
            long left = timeout.toNanos() - (now() - since);
            if (Thread.currentThread().isInterrupted()) {
                if (giveUp(admission)) {
                    throw new RejectedExecutionException(
                            "interrupted while waiting for room in the admission queue", Ports.interruption());
                }
            } else if (left > 0) {
                LockSupport.parkNanos(this, left);
            } else if (giveUp(admission)) {
                throw full(" after " + timeout);
            }
        }
        if (admission.stage() == Stage.REFUSED) {
            throw closed();
        }
    }

    private boolean giveUp(Admission admission) {
        lock.lock();
        try {
            return refuse(admission);
        } finally {
            unlock();
        }
    }

    /** False when room, or the task's end, came first. */
    private boolean refuse(Admission admission) {
        if (!admission.tryMove(Stage.ROOM, Stage.REFUSED)) {
            return false;
        }
        waiting.remove(admission);
        rejected++;
        return true;
    }

    /** The run clears the interrupt status, which an abort of the caller's own task may have set meanwhile. */
    private void runOnCaller(TaskCell<?> task) {
        try {
            if (!Contexts.runOnCaller(host, task)) {
                task.abort("its submitter, which was to run it, is aborted");
            }
        } finally {
            lock.lock();
            try {
                onCallers.remove(task);
            } finally {
                unlock();
            }
        }
    }

    private RejectedExecutionException full(String when) {
        AdmissionLimits l = limits;
        return new RejectedExecutionException("the admission queue is full" + when + ": " + l.maxConcurrentTasks()
                + " tasks under way (max-concurrent-tasks) and " + l.queueCapacity() + " queued (queue-capacity)");
    }

    private static RejectedExecutionException closed() {
        return new RejectedExecutionException("the runtime admits no more tasks: it is closed");
    }

    // ---- giving back -----------------------------------------------------------------------------------------------

    /** A task that held a permit has ended. Any thread; never blocks. */
    void released() {
        returned.incrementAndGet();
        settleIfNoted();
    }

    /** A queued task, or one whose submitter waits, has ended. Any thread; never blocks. */
    void vacated(Admission admission) {
        Admission first;
        do {
            first = vacated.get();
            admission.nextVacated = first;
        } while (!vacated.compareAndSet(first, admission));
        settleIfNoted();
    }

    private void unlock() {
        lock.unlock();
        settleIfNoted();
    }

    private void settleIfNoted() {
        while (isNoted() && lock.tryLock()) {
            try {
                settle();
            } finally {
                lock.unlock();
            }
        }
    }

    private boolean isNoted() {
        return returned.get() != 0 || vacated.get() != null;
    }

    /** Takes into account what was given back, and restores the invariants. */
    private void settle() {
        if (returned.get() != 0) {
            running -= returned.getAndSet(0);
        }
        if (vacated.get() != null) {
            for (Admission a = vacated.getAndSet(null); a != null; a = a.nextVacated) {
                queue.remove(a);
                if (waiting.remove(a)) {
                    LockSupport.unpark(a.submitter);
                }
            }
        }
        handOver();
    }

    private void handOver() {
        do {
            while (!queue.isEmpty() && hasPermit()) {
                grant(queue.removeFirst());
            }
            while (!waiting.isEmpty() && hasRoom()) {
                moveUp(waiting.removeFirst());
            }
        } while (!queue.isEmpty() && hasPermit());
    }

    private void grant(Admission admission) {
        Stage next = admission.task.isQueued() ? Stage.PERMIT : Stage.DROPPED;
        if (admission.tryMove(Stage.QUEUED, next) && next == Stage.PERMIT) {
            running++;
            schedule.accept(admission.task);
        }
    }

    private void moveUp(Admission admission) {
        if (admission.tryMove(Stage.ROOM, Stage.QUEUED)) {
            queue.add(admission);
        }
        LockSupport.unpark(admission.submitter);
    }

    // ---- limits ----------------------------------------------------------------------------------------------------

    /** Returns the limits in force. */
    public AdmissionLimits limits() {
        return limits;
    }

    /** Changes how many tasks may be under way; 0 means unlimited. Fewer: those under way go on. */
    public void maxConcurrentTasks(int maxConcurrentTasks) {
        lock.lock();
        try {
            limits = limits.withMaxConcurrentTasks(maxConcurrentTasks);
            settle();
            open = maxConcurrentTasks == 0 && !closed;
        } finally {
            unlock();
        }
    }

    /** Changes how many tasks may queue; 0 means unbounded. What is queued beyond a smaller capacity stays. */
    public void queueCapacity(int queueCapacity) {
        lock.lock();
        try {
            limits = limits.withQueueCapacity(queueCapacity);
            settle();
        } finally {
            unlock();
        }
    }

    /** Changes how long a submitter waits for room, for those waiting now as well. */
    public void waitTimeout(Duration waitTimeout) {
        lock.lock();
        try {
            limits = limits.withWaitTimeout(waitTimeout);
            waiting.forEach(admission -> LockSupport.unpark(admission.submitter));
        } finally {
            unlock();
        }
    }

    // ---- listing ---------------------------------------------------------------------------------------------------

    /** Returns limits and counters. */
    public AdmissionMetrics metrics() {
        lock.lock();
        try {
            settle();
            AdmissionLimits l = limits;
            return new AdmissionMetrics(
                    l.maxConcurrentTasks(),
                    l.queueCapacity(),
                    l.waitTimeout(),
                    l.whenFull().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    running,
                    queue.size(),
                    rejected,
                    callerRuns);
        } finally {
            unlock();
        }
    }

    /** Returns whether no task is queued, no submitter waits for room, and none runs its task itself. */
    public boolean isEmpty() {
        lock.lock();
        try {
            settle();
            return queue.isEmpty() && waiting.isEmpty() && onCallers.isEmpty();
        } finally {
            unlock();
        }
    }

    /** Shows the queued tasks, oldest first, then those whose submitters wait for room, as of now. */
    public void forEachQueued(Consumer<TaskCell<?>> visitor) {
        List<TaskCell<?>> tasks = new ArrayList<>();
        lock.lock();
        try {
            settle();
            queue.forEach(admission -> tasks.add(admission.task));
            waiting.forEach(admission -> tasks.add(admission.task));
        } finally {
            unlock();
        }
        tasks.forEach(visitor);
    }

    /** Shows the tasks that their submitters run themselves, each with its thread, as of now. */
    public void forEachOnCaller(BiConsumer<TaskCell<?>, Thread> visitor) {
        Map<TaskCell<?>, Thread> tasks;
        lock.lock();
        try {
            tasks = new LinkedHashMap<>(onCallers);
        } finally {
            unlock();
        }
        tasks.forEach(visitor);
    }

    // ---- end -------------------------------------------------------------------------------------------------------

    /** Admits nothing more: aborts all queued tasks, and rejects all submitters that wait for room. */
    public void close(String reason) {
        List<TaskCell<?>> dropped = new ArrayList<>();
        lock.lock();
        try {
            closed = true;
            open = false;
            while (!waiting.isEmpty()) {
                Admission admission = waiting.removeFirst();
                if (admission.tryMove(Stage.ROOM, Stage.REFUSED)) {
                    rejected++;
                }
                LockSupport.unpark(admission.submitter);
            }
            while (!queue.isEmpty()) {
                Admission admission = queue.removeFirst();
                if (admission.tryMove(Stage.QUEUED, Stage.DROPPED)) {
                    dropped.add(admission.task);
                }
            }
        } finally {
            unlock();
        }
        dropped.forEach(task -> task.abort(reason));
    }

    private long now() {
        return host.clock().nanoTime();
    }
}
