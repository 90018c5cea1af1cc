/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import dev.weft.internal.task.UnobservedFailures;
import dev.weft.metrics.TaskInfo;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The end of a runtime, in steps of which each has a limit. Runs once; whoever asks again waits for the same report. */
final class ShutdownSequence {

    private static final long LONGEST_LOOK_NANOS = 5_000_000;
    private static final Duration WORKERS_LIMIT = Duration.ofSeconds(1);

    private final RuntimeCore core;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final CountDownLatch done = new CountDownLatch(1);

    private volatile WeftRuntime.State state = WeftRuntime.State.RUNNING;
    private volatile @Nullable ShutdownReport report;

    ShutdownSequence(RuntimeCore core) {
        this.core = core;
    }

    WeftRuntime.State state() {
        return state;
    }

    ShutdownReport run(Duration grace, Duration abort) {
        if (core.isInside()) {
            throw new IllegalStateException("shutdown was called from inside a task of " + core
                    + ", which would wait for itself. Call it from outside, or spawn a thread that does");
        }
        if (begun.compareAndSet(false, true)) {
            try {
                report = steps(grace, abort);
            } finally {
                state = WeftRuntime.State.CLOSED;
                done.countDown();
            }
        }
        return await();
    }

    private ShutdownReport await() {
        boolean interrupted = false;
        for (;;) {
            try {
                done.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true; // each step has a limit, so the report comes; the interrupt is kept for the caller
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        ShutdownReport made = report;
        if (made == null) {
            throw new IllegalStateException(
                    "the shutdown of " + core + " failed; see the exception of its first caller");
        }
        return made;
    }

    private ShutdownReport steps(Duration grace, Duration abort) {
        long start = System.nanoTime();
        long completedBefore = ended();
        long abortedBefore = core.aborted();
        long discardedBefore = core.discarded();
        long unscheduledBefore = core.unscheduled();
        long refusedBefore = core.refused();
        state = WeftRuntime.State.DRAINING;
        core.admittance(RuntimeCore.Admittance.INSIDE);
        core.dropWaiting();
        awaitQuiet(grace);
        long abortedWhileDraining = core.aborted() - abortedBefore - (core.unscheduled() - unscheduledBefore);
        long completed = ended() - completedBefore - abortedWhileDraining;

        state = WeftRuntime.State.CLOSING;
        core.admittance(RuntimeCore.Admittance.NONE);
        List<TaskInfo> survivors = List.of();
        if (!core.isQuiet()) {
            String reason = core + " is shutting down";
            core.gate().close(reason);
            new LiveTasks(core).abortAll(reason);
            // A look at the tasks can miss one that is just changing hands, so each look takes up the others.
            Runnable others = () -> new LiveTasks(core).abortOthers(reason);
            if (!awaitQuiet(abort.dividedBy(2), others)) {
                new LiveTasks(core).abortAll(reason); // who swallowed the first interrupt gets another
                if (!awaitQuiet(abort.dividedBy(2), others)) {
                    survivors = new LiveTasks(core).list(true, Integer.MAX_VALUE);
                }
            }
        }
        core.gate().close(core + " is closed");
        core.blocking().shutdown();
        core.closeScheduler(WORKERS_LIMIT);
        core.keeper().release();
        UnobservedFailures.close(core);
        long refused = core.refused() - refusedBefore; // spawned too late: they were never part of it
        return new ShutdownReport(
                core.runtime().name(),
                Math.max(0, completed),
                core.aborted() - abortedBefore - refused,
                core.discarded() - discardedBefore - refused,
                survivors,
                Duration.ofNanos(System.nanoTime() - start));
    }

    private long ended() {
        return core.scheduler().completed() + core.blocking().metrics().completed();
    }

    /** Waits until nothing lives, or the time is up; the caller's interrupt does not shorten it, and is kept. */
    boolean awaitQuiet(Duration limit) {
        return awaitQuiet(limit, () -> {
        });
    }

    private boolean awaitQuiet(Duration limit, Runnable atEachLook) {
        long deadline = System.nanoTime() + limit.toNanos();
        long nanos = 50_000;
        boolean interrupted = false;
        while (!core.isQuiet()) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                break;
            }
            LockSupport.parkNanos(this, Math.min(nanos, left));
            interrupted |= Thread.interrupted();
            atEachLook.run();
            nanos = Math.min(LONGEST_LOOK_NANOS, nanos * 2);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return core.isQuiet();
    }
}
