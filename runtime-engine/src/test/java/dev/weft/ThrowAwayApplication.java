/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import dev.weft.scope.JoinSet;
import dev.weft.task.JoinHandle;
import dev.weft.time.Time;
import dev.weft.time.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An application that uses all that could remember it, and closes its runtime. {@link ClassLoaderTests} runs copies of it
 * in class loaders of their own, and so knows it as a {@link Callable} only.
 */
public final class ThrowAwayApplication implements Callable<String> {

    private static final Duration FOREVER = Duration.ofDays(1);

    /** Values of the application's own classes, held by threads that may outlive it. */
    private static final ThreadLocal<Held> LOCAL = new ThreadLocal<>();

    private static final InheritableThreadLocal<Held> INHERITABLE = new InheritableThreadLocal<>();

    private record Held(String what) {
    }

    private static final class Failure extends Exception {
        private static final long serialVersionUID = 1L;

        Failure(String message) {
            super(message);
        }
    }

    private final Runnable meanwhile;

    private final AtomicInteger uncaught = new AtomicInteger();

    /** Makes one that runs {@code meanwhile} while its own runtime is at work. */
    public ThrowAwayApplication(Runnable meanwhile) {
        this.meanwhile = meanwhile;
    }

    /** Returns the mode it ran in. */
    @Override
    public String call() throws Exception {
        Thread me = Thread.currentThread();
        ClassLoader before = me.getContextClassLoader();
        me.setContextClassLoader(getClass().getClassLoader());
        INHERITABLE.set(new Held("of the thread that starts the runtime"));
        try {
            return run();
        } finally {
            INHERITABLE.remove();
            me.setContextClassLoader(before);
        }
    }

    private String run() throws Exception {
        WeftRuntime weft = WeftRuntime.builder()
                .name("application")
                .workerThreads(2)
                .taskListener(new TaskListener() {})
                .uncaughtHandler((runtime, id, name, failure) -> uncaught.incrementAndGet())
                .build();
        weft.blockOn(() -> insideTasks(weft));
        fail(weft);
        meanwhile.run();
        schedule(weft);
        JoinHandle<?> left = weft.spawn(() -> Time.sleep(FOREVER));
        ShutdownReport report = weft.shutdown(Duration.ZERO, Duration.ofSeconds(30));
        check(report.isClean(), report.toString());
        check(left.isCancelled(), "a sleeping task is aborted by the shutdown");
        check(uncaught.get() == 3, uncaught + " uncaught failures");
        return weft.mode().toString();
    }

    private static void insideTasks(WeftRuntime weft) throws Exception {
        LOCAL.set(new Held("of a task"));
        INHERITABLE.set(new Held("of a task"));
        Time.sleep(Duration.ofMillis(2));
        Thread.sleep(2);
        try {
            Time.timeout(Duration.ofMillis(2), () -> Time.sleep(FOREVER));
        } catch (TimeoutException e) {
            check(e.getCause() instanceof InterruptedException, e.toString());
        }
        try (Timer timer = Time.after(FOREVER)) {
            check(!timer.isElapsed(), "a timer");
        }
        Task.spawnBlocking(() -> {
            LOCAL.set(new Held("of a job"));
            Thread.sleep(1);
        }).join();
        try (JoinSet<Held> set = JoinSet.open()) {
            set.spawn(() -> new Held("of a child"));
            set.spawn(() -> {
                Time.sleep(Duration.ofMillis(1));
                return new Held("of another");
            });
            check(set.joinAll().size() == 2, "two children");
        }
        Thread guest = Thread.ofVirtual().start(() -> LOCAL.set(new Held("of a guest")));
        guest.join();
        Task.named("own").ownThread().spawn(() -> LOCAL.set(new Held("of its own thread"))).join();
        if (weft.mode() == Mode.DEDICATED) {
            while (weft.stalls().isEmpty()) {
                Thread.onSpinWait();
            }
        }
    }

    private static void fail(WeftRuntime weft) throws InterruptedException {
        weft.asExecutorService().execute(() -> {
            throw new IllegalStateException(new Failure("of a command without a handle"));
        });
        List<JoinHandle<?>> unread = List.of(
                weft.spawn(ThrowAwayApplication::throwFailure), weft.spawnBlocking(ThrowAwayApplication::throwFailure));
        check(weft.awaitQuiet(Duration.ofSeconds(30)), "quiet");
        check(unread.stream().allMatch(JoinHandle::isDone), "failed");
    }

    private static Object throwFailure() throws Failure {
        INHERITABLE.set(new Held("of a task that fails"));
        throw new Failure("that nobody reads");
    }

    /** Commands whose time will not have come when the runtime is closed. */
    private static void schedule(WeftRuntime weft) {
        var executor = weft.asScheduledExecutorService();
        check(!executor.schedule(() -> new Held("of a command"), 1, TimeUnit.DAYS).isDone(), "scheduled");
        check(!executor.scheduleAtFixedRate(() -> LOCAL.set(null), 1, 1, TimeUnit.DAYS).isDone(), "scheduled");
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException(what);
        }
    }
}
