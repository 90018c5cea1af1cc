/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.scheduler;

import dev.weft.internal.jfr.StallEvent;
import dev.weft.internal.scheduler.StallLog.Stall;
import dev.weft.internal.task.TaskCell;
import dev.weft.metrics.StallInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** What the monitor knows of one runtime. Monitor thread only. */
final class StallWatch {

    /*
     * A slice is stalled when it is seen for as long as the threshold. A sample that comes late (see Monitor) tells
     * little: after a collection, or when the VM was suspended, the worker has not run either. So the first late sample
     * of a slice starts its clock anew. Only the first: where processors are short each sample is late, and there a
     * stalled worker must be found as well. Two long pauses within one slice can thus pass for a stall, which costs a
     * takeover; no bound at all would cost the runtime.
     */

    private static final long STRANDED_NANOS = 1_000_000_000L;
    private static final long WARN_EVERY_NANOS = 10_000_000_000L;

    /** What was seen of one core. */
    private static final class Seen {
        @Nullable Worker worker;
        long sequence = -1;
        long sinceNanos;
        boolean forgiven;
        @Nullable Stall stall;
    }

    private final WorkerScheduler scheduler;
    private final Map<Core, Seen> seen = new HashMap<>();
    private final TakeoverBackoff backoff;

    /** Stalls whose workers have lost their cores; they end when those workers are inside the scheduler again. */
    private final Map<Stall, Worker> detached = new HashMap<>();
    private long stallWarningDueNanos = System.nanoTime();
    private long capWarningDueNanos = System.nanoTime();
    private long stallsSinceWarning;
    private long lastSampleNanos = System.nanoTime();

    StallWatch(WorkerScheduler scheduler) {
        this.scheduler = scheduler;
        this.backoff = new TakeoverBackoff(scheduler.config().stallThresholdNanos());
    }

    WorkerScheduler scheduler() {
        return scheduler;
    }

    boolean isBusy() {
        for (Core core : scheduler.working()) {
            if (!core.isParked()) {
                return true;
            }
        }
        return false;
    }

    /** Looks at every core. Returns whether one is at work. */
    boolean sample(long now, boolean overslept) {
        boolean busy = false;
        Core[] cores = scheduler.working();
        for (Core core : cores) {
            Seen state = seen.computeIfAbsent(core, c -> new Seen());
            if (core.isParked()) {
                moved(state, core.worker, core.sequence(), now);
                continue;
            }
            busy = true;
            countBusy(core.worker, now - lastSampleNanos, overslept);
            if (core.timers.hasMail()
                    || core.timers.publishedDeadlineNanos() - scheduler.clock().nanoTime() <= 0) {
                core.driverDue = true;
            }
            sampleBusy(core, state, now, overslept);
        }
        if (!detached.isEmpty()) {
            detached.entrySet().removeIf(entry -> hasReturned(entry.getKey(), entry.getValue(), now));
            busy = true;
        }
        if (seen.size() > cores.length) {
            seen.keySet().retainAll(List.of(cores));
        }
        lastSampleNanos = now;
        return busy;
    }

    /** A task that is on a worker now counts as having been there since the last sample. */
    private static void countBusy(@Nullable Worker worker, long nanos, boolean overslept) {
        Runner runner = worker == null ? null : worker.peekMounted();
        if (runner != null && !overslept) {
            runner.busyNanos += nanos;
        }
    }

    private void sampleBusy(Core core, Seen state, long now, boolean overslept) {
        Worker worker = core.worker;
        long sequence = core.sequence();
        if (worker == null || worker.peekCore() != core || worker != state.worker || sequence != state.sequence) {
            moved(state, worker, sequence, now);
        } else if (worker.isInScheduler()) {
            unparkStranded(worker, state, now);
        } else if (overslept && !state.forgiven) {
            state.forgiven = true;
            state.sinceNanos = now;
        } else if (now - state.sinceNanos >= scheduler.config().stallThresholdNanos()) {
            stalled(core, worker, state, now);
        }
    }

    /**
     * Nobody is inside the scheduler for long, but for one case: a runner that could not leave its worker when it parked
     * between two tasks, because there was no memory for its stack. It then blocks the worker until it is unparked.
     */
    private static void unparkStranded(Worker worker, Seen state, long now) {
        if (now - state.sinceNanos > STRANDED_NANOS) {
            Runner runner = worker.peekMounted();
            if (runner != null) {
                LockSupport.unpark(runner.thread());
            }
            state.sinceNanos = now;
        }
    }

    private void moved(Seen state, @Nullable Worker worker, long sequence, long now) {
        Stall stall = state.stall;
        if (stall != null && worker == state.worker) {
            stall.ended(now);
            state.stall = null;
        } else if (stall != null) {
            detached.put(stall, state.worker);
            state.stall = null;
        }
        state.worker = worker;
        state.sequence = sequence;
        state.sinceNanos = now;
        state.forgiven = false;
    }

    private static boolean hasReturned(Stall stall, @Nullable Worker worker, long now) {
        if (worker != null && worker.isAlive() && worker.peekMounted() != null && !worker.isInScheduler()) {
            return false;
        }
        stall.ended(now);
        return true;
    }

    private void stalled(Core core, Worker worker, Seen state, long now) {
        Stall stall = state.stall;
        if (stall == null) {
            stall = record(core, worker, state);
            state.stall = stall;
            warnOfStall(stall, now);
        }
        if (needsRescue(core)) {
            rescue(core, worker, state, stall, now);
        }
    }

    private Stall record(Core core, Worker worker, Seen state) {
        Runner runner = worker.peekMounted();
        TaskCell<?> task = runner == null ? null : runner.task();
        StackTraceElement[] stack = stackOf(worker.peekThread());
        Stall stall = new Stall(
                new StallInfo(
                        core.index,
                        task == null ? null : task.id(),
                        task == null ? null : task.name(),
                        Instant.now(),
                        Duration.ZERO,
                        true,
                        false,
                        List.of(stack)),
                state.sinceNanos);
        StallEvent.emit(scheduler.config().threadPrefix(), core.index, task == null ? 0 : task.id());
        scheduler.stallLog().add(stall);
        return stall;
    }

    /** The stack may be absurdly deep, and reading it may then fail here instead of there. */
    private static StackTraceElement[] stackOf(Thread thread) {
        try {
            return thread.getStackTrace();
        } catch (Throwable e) {
            return new StackTraceElement[0];
        }
    }

    /** The fence of the protocol in {@link Worker}. False when it may not have taken place. */
    private static boolean handshake(Worker worker) {
        try {
            return worker.getStackTrace().length > 0;
        } catch (Throwable e) {
            return false;
        }
    }

    /** Whether something waits that only this core can do, or that nobody is free to do. */
    private boolean needsRescue(Core core) {
        return core.depth() != 0
                || core.hasHandoff()
                || !core.yielded.isEmpty()
                || core.timers.hasMail()
                || core.timers.publishedDeadlineNanos() - scheduler.clock().nanoTime() <= 0
                || (scheduler.injectionWaits() && scheduler.idle().parkedCount() == 0)
                || scheduler.isClosed();
    }

    private void rescue(Core core, Worker worker, Seen state, Stall stall, long now) {
        String site = backoff.siteOf(stall.stack());
        if (!backoff.allows(site, now)) {
            scheduler.spares().refuse();
            return;
        }
        Worker spare = scheduler.takeSpare();
        if (spare == null) {
            warnOfCap(now);
            return;
        }
        worker.revoke();
        if (!handshake(worker) || worker.isInScheduler() || worker.peekCore() != core
                || core.sequence() != state.sequence) {
            worker.unrevoke();
            scheduler.addSpare(spare);
            return;
        }
        worker.detach();
        scheduler.spares().tookOver();
        backoff.took(site, now);
        stall.rescued();
        detached.put(stall, worker);
        state.stall = null;
        spare.attach(core);
    }

    private void warnOfStall(Stall stall, long now) {
        stallsSinceWarning++;
        if (now - stallWarningDueNanos < 0) {
            return;
        }
        stallWarningDueNanos = now + WARN_EVERY_NANOS;
        StallInfo info = stall.info();
        StringBuilder text = new StringBuilder("Weft: ")
                .append(scheduler.config().threadPrefix())
                .append(": task ")
                .append(info.taskName() == null ? info.taskId() : "'" + info.taskName() + "'")
                .append(" keeps worker ")
                .append(info.worker())
                .append(" for more than ")
                .append(scheduler.config().stallThresholdNanos() / 1_000_000)
                .append(" ms (")
                .append(stallsSinceWarning)
                .append(" stalls since the last such line). Blocking or CPU-bound work belongs into spawnBlocking.");
        stallsSinceWarning = 0;
        info.stack().stream().limit(12).forEach(frame -> text.append("\n\tat ").append(frame));
        Monitor.warn(text.toString());
    }

    private void warnOfCap(long now) {
        if (now - capWarningDueNanos >= 0) {
            capWarningDueNanos = now + WARN_EVERY_NANOS;
            Monitor.warn("Weft: " + scheduler.config().threadPrefix() + ": all "
                    + scheduler.config().maxSpareWorkers()
                    + " spare workers are in use, stalled workers are not rescued. Move blocking work to spawnBlocking,"
                    + " or raise maxSpareWorkers");
        }
    }
}
