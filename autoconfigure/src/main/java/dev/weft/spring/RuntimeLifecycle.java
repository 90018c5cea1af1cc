/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring;

import dev.weft.WeftRuntime;
import dev.weft.metrics.RuntimeMetrics;
import dev.weft.metrics.TaskInfo;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;

/**
 * Drains the runtimes of an application context when it stops or pauses, and on request before that.
 *
 * <p>Stopping waits until no task lives, at most the runtime's grace period; aborts what is left; waits again, at most
 * the abort period; and logs what happened. It never closes a runtime: a paused context starts again, and beans that
 * are destroyed later may still spawn. Spawning is therefore possible in every phase, also before the first start;
 * a task spawned while the context is stopped runs at once and is drained by the next stop, or aborted when the runtime
 * is closed.
 *
 * <p>Thread-safe. {@link #drain} and {@link #stop(Runnable)} do not block.
 */
public final class RuntimeLifecycle implements SmartLifecycle {

    /** Stops later than the web server and Spring's own executors, starts earlier. */
    public static final int PHASE = Integer.MAX_VALUE / 2 - 1024;

    private static final Log logger = LogFactory.getLog(RuntimeLifecycle.class);
    private static final int SURVIVORS_NAMED = 20;
    private static final int SURVIVOR_FRAMES = 8;

    private final WeftRuntimes runtimes;
    private final ApplicationEventPublisher publisher;
    private final @Nullable ApplicationAvailability availability;

    /*
     * STOPPED  -> RUNNING             // start; also ends a stop that is still under way
     * RUNNING <-> DRAINING            // drain, undoDrain
     * RUNNING, DRAINING -> STOPPING   // stop: the final phase, a drain can no longer be undone
     * STOPPING -> STOPPED             // quiet, or out of patience
     *
     * All runtimes start and stop together; each drains by itself. Guarded by this, and events are published under it,
     * so that readiness changes in the order of the phases.
     */
    private final Map<WeftRuntime, RuntimePhase> phases = new HashMap<>();

    /** Whether it was us who took the readiness away. */
    private boolean refusing;

    private boolean running;
    private @Nullable Stop stop;

    /**
     * Creates the lifecycle of some runtimes.
     *
     * @param runtimes what to drain
     * @param publisher where readiness changes are published
     * @param availability tells whether the application is ready; null when nobody knows
     */
    public RuntimeLifecycle(
            WeftRuntimes runtimes,
            ApplicationEventPublisher publisher,
            @Nullable ApplicationAvailability availability) {
        this.runtimes = runtimes;
        this.publisher = publisher;
        this.availability = availability;
        setAll(RuntimePhase.STOPPED);
    }

    /** Returns where a runtime is. */
    public RuntimePhase phase(WeftRuntime runtime) {
        if (runtime.state() != WeftRuntime.State.RUNNING) {
            return RuntimePhase.CLOSED;
        }
        synchronized (this) {
            return phases.getOrDefault(runtime, RuntimePhase.RUNNING);
        }
    }

    /**
     * Asks the application to take no new work for this runtime, while requests that are under way may still spawn: the
     * readiness goes to {@link ReadinessState#REFUSING_TRAFFIC}. Returns at once; whoever asked watches the live tasks.
     *
     * @return the phase afterwards: draining, or a later one
     */
    public synchronized RuntimePhase drain(WeftRuntime runtime) {
        if (phases.replace(runtime, RuntimePhase.RUNNING, RuntimePhase.DRAINING)) {
            logger.info("Runtime '" + runtime.name() + "' is draining");
            refuseTraffic();
        }
        return phase(runtime);
    }

    /**
     * Takes a {@link #drain} back. The application accepts traffic again when no other runtime is draining.
     *
     * @return the phase afterwards: running, or a later one than draining, from which there is no way back
     */
    public synchronized RuntimePhase undoDrain(WeftRuntime runtime) {
        if (phases.replace(runtime, RuntimePhase.DRAINING, RuntimePhase.RUNNING)) {
            logger.info("Runtime '" + runtime.name() + "' is no longer draining");
            if (!phases.containsValue(RuntimePhase.DRAINING)) {
                acceptTraffic();
            }
        }
        return phase(runtime);
    }

    /** Returns how long {@link #stop(Runnable)} may take. */
    public Duration longestStop() {
        return runtimes.all().stream()
                .map(runtime -> runtime.config().shutdownGracePeriod().plus(runtime.config().shutdownAbortPeriod()))
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    @Override
    public synchronized void start() {
        if (stop != null) {
            stop.giveUp();
            stop = null;
        }
        setAll(RuntimePhase.RUNNING);
        running = true;
        acceptTraffic();
    }

    @Override
    public void stop(Runnable callback) {
        Stop begun = new Stop(callback);
        synchronized (this) {
            stop = begun;
            running = false; // at once, so that Spring starts again what did not stop within its timeout
            setAll(RuntimePhase.STOPPING);
        }
        begun.begin();
    }

    @Override
    public void stop() {
        CountDownLatch stopped = new CountDownLatch(1);
        stop(stopped::countDown);
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    private void setAll(RuntimePhase phase) {
        runtimes.all().forEach(runtime -> phases.put(runtime, phase));
    }

    private void refuseTraffic() {
        if (!refusing && availability != null && availability.getReadinessState() == ReadinessState.ACCEPTING_TRAFFIC) {
            refusing = true;
            AvailabilityChangeEvent.publish(publisher, this, ReadinessState.REFUSING_TRAFFIC);
        }
    }

    private void acceptTraffic() {
        if (refusing) {
            refusing = false;
            AvailabilityChangeEvent.publish(publisher, this, ReadinessState.ACCEPTING_TRAFFIC);
        }
    }

    /** One stop of all runtimes, each on a thread of its own, since their periods run side by side. */
    private final class Stop {

        private final Runnable callback;
        private final AtomicInteger pending = new AtomicInteger(runtimes.all().size());
        private final List<Thread> threads = runtimes.all().stream().map(this::thread).toList();

        Stop(Runnable callback) {
            this.callback = callback;
        }

        void begin() {
            threads.forEach(Thread::start);
            if (threads.isEmpty()) {
                callback.run();
            }
        }

        /** Leaves the tasks alone: the context runs again. */
        void giveUp() {
            threads.forEach(Thread::interrupt);
        }

        private Thread thread(WeftRuntime runtime) {
            Bystanders tasks = Bystanders.of(runtime);
            return Thread.ofPlatform()
                    .daemon()
                    .name("weft-stop-" + runtime.name())
                    .unstarted(() -> run(runtime, tasks));
        }

        private void run(WeftRuntime runtime, Bystanders tasks) {
            try {
                finish(runtime, tasks);
            } catch (InterruptedException e) {
                logger.debug("Runtime '" + runtime.name() + "' was started again while it stopped");
            } finally {
                stopped(runtime);
                if (pending.decrementAndGet() == 0) {
                    callback.run();
                }
            }
        }

        private void finish(WeftRuntime runtime, Bystanders tasks) throws InterruptedException {
            long began = System.nanoTime();
            RuntimeMetrics before = runtime.metrics();
            if (!tasks.awaitEnd(runtime.config().shutdownGracePeriod())) {
                abort(tasks);
                tasks.awaitEnd(runtime.config().shutdownAbortPeriod());
            }
            report(before, runtime.metrics(), tasks.list(true, SURVIVORS_NAMED),
                    Duration.ofNanos(System.nanoTime() - began));
        }

        /** Under the lock, so that no task is aborted that was spawned after a start. */
        private void abort(Bystanders tasks) throws InterruptedException {
            synchronized (RuntimeLifecycle.this) {
                if (stop != this) {
                    throw new InterruptedException();
                }
                tasks.abort("the application context stops");
            }
        }

        private void stopped(WeftRuntime runtime) {
            synchronized (RuntimeLifecycle.this) {
                if (stop == this) {
                    phases.put(runtime, RuntimePhase.STOPPED);
                }
            }
        }
    }

    private static void report(RuntimeMetrics before, RuntimeMetrics after, List<TaskInfo> survivors, Duration took) {
        long ended = after.completed() - before.completed();
        String summary = "Runtime '%s' stopped in %d ms: %d tasks ended, %d of them aborted"
                .formatted(after.name(), took.toMillis(), ended, after.aborted() - before.aborted());
        if (!survivors.isEmpty()) {
            logger.warn(summary + "; some ignored it" + describe(survivors));
        } else if (ended > 0) {
            logger.info(summary);
        } else {
            logger.debug(summary);
        }
    }

    private static String describe(List<TaskInfo> survivors) {
        StringBuilder text = new StringBuilder();
        for (TaskInfo task : survivors) {
            text.append("\n\tstill running: ").append(task.name() == null ? "task" : task.name()).append(" #")
                    .append(task.id());
            task.stack().stream().limit(SURVIVOR_FRAMES).forEach(frame -> text.append("\n\t\tat ").append(frame));
        }
        return text.toString();
    }
}
