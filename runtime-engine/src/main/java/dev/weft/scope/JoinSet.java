/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.scope;

import dev.weft.internal.port.Ports;
import dev.weft.internal.port.RuntimePort;
import dev.weft.task.JoinHandle;
import dev.weft.task.TaskAction;
import dev.weft.task.TaskCancelledException;
import dev.weft.task.TaskFailedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that were spawned together and are joined together.
 *
 * <p>Confined to the thread or task that opened it. Closing it aborts whatever has not completed.
 *
 * <p><b>Joins run inline.</b> A child that nobody has started when its set is joined runs on the joiner's own stack, in
 * a thread made as clean as any task's. It follows that a reentrant lock which the joiner holds is open to such a child.
 * Under a deadline, and in shared mode, children never run inline.
 *
 * @param <T> what the children return
 */
public final class JoinSet<T extends @Nullable Object> implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(JoinSet.class.getName());

    private final RuntimePort runtime;

    /** Children that no join has handed out, in spawn order. */
    private final ArrayList<JoinHandle<T>> children = new ArrayList<>();

    /** Completed ones; null until somebody asks for the order of completion. Children below {@code watched} report. */
    private @Nullable Completions<JoinHandle<T>> completions;

    private int watched;
    private boolean closed;

    private JoinSet(RuntimePort runtime) {
        this.runtime = runtime;
    }

    /**
     * Opens a set of the current runtime.
     *
     * @throws IllegalStateException outside of a runtime
     */
    public static <T extends @Nullable Object> JoinSet<T> open() {
        return new JoinSet<>(Ports.require("JoinSet.open").runtime());
    }

    // ---- spawning --------------------------------------------------------------------------------------------------

    /** Spawns a child. */
    public JoinHandle<T> spawn(Callable<? extends T> body) {
        return spawn(body, null, Map.of());
    }

    /** Spawns a child without a value. */
    public JoinHandle<T> spawn(TaskAction body) {
        Objects.requireNonNull(body, "body");
        return spawn(() -> {
            body.run();
            return noValue();
        });
    }

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // a set of actions has no other value than null
    private static <V extends @Nullable Object> V noValue() {
        return null;
    }

    private JoinHandle<T> spawn(Callable<? extends T> body, @Nullable String name, Map<String, String> tags) {
        if (closed) {
            throw new IllegalStateException("the join set is closed");
        }
        JoinHandle<T> child = (JoinHandle<T>) runtime.<T>spawn(body, name, tags);
        children.add(child);
        return child;
    }

    /** Begins the description of a child with a name. */
    public Child named(String name) {
        return new Child(Objects.requireNonNull(name, "name"));
    }

    /** The description of a child. */
    public final class Child {
        private final String name;
        private final Map<String, String> tags = new LinkedHashMap<>();

        private Child(String name) {
            this.name = name;
        }

        /** Adds a tag. */
        public Child tag(String key, String value) {
            tags.put(Objects.requireNonNull(key, "key"), Objects.requireNonNull(value, "value"));
            return this;
        }

        /** Spawns the child. */
        public JoinHandle<T> spawn(Callable<? extends T> body) {
            return JoinSet.this.spawn(body, name, Map.copyOf(tags));
        }

        /** Spawns the child without a value. */
        public JoinHandle<T> spawn(TaskAction body) {
            Objects.requireNonNull(body, "body");
            return spawn(() -> {
                body.run();
                return noValue();
            });
        }
    }

    // ---- joining ---------------------------------------------------------------------------------------------------

    /** Returns how many children no join has handed out. */
    public int size() {
        return children.size();
    }

    /** Returns whether every child was handed out. */
    public boolean isEmpty() {
        return children.isEmpty();
    }

    /**
     * Waits for all children and empties the set.
     *
     * @return their values in spawn order
     * @throws TaskFailedException with the first failure; the other children are aborted then
     * @throws TaskCancelledException when a child was aborted by somebody; likewise
     * @throws InterruptedException when the caller was interrupted or aborted; the children stay in the set
     */
    public List<T> joinAll() throws InterruptedException {
        runInline();
        Optional<JoinHandle<T>> bad = awaitAllOrBad();
        if (bad.isPresent()) {
            abortAll("another child of its join set did not complete");
            children.remove(bad.get());
            completions = null; // it would hand the bad one out again
            watched = 0;
            bad.get().join(); // throws
        }
        List<T> values = new ArrayList<>(children.size());
        for (JoinHandle<T> child : children) {
            values.add(child.join());
        }
        clear();
        return values;
    }

    /** The youngest first: thieves begin with the oldest, so the two meet once and not at every child. */
    private void runInline() {
        for (int i = children.size() - 1; i >= 0; i--) {
            JoinHandle<T> child = children.get(i);
            if (!child.isDone()) {
                runtime.runInline(child);
            }
            if (isBad(child)) {
                return;
            }
        }
    }

    private static boolean isBad(JoinHandle<?> child) {
        Future.State state = child.state();
        return state == Future.State.FAILED || state == Future.State.CANCELLED;
    }

    /** Returns the first child that is known to have failed or to have been aborted, or nothing when all returned. */
    private Optional<JoinHandle<T>> awaitAllOrBad() throws InterruptedException {
        int pending = 0;
        for (JoinHandle<T> child : children) {
            if (isBad(child)) {
                return Optional.of(child);
            }
            if (!child.isDone()) {
                pending++;
            }
        }
        if (pending == 0) {
            return Optional.empty();
        }
        Completions<JoinHandle<T>> done = new Completions<>();
        int left = 0;
        for (JoinHandle<T> child : children) {
            if (!child.isDone()) {
                left++;
                runtime.whenDone(child, () -> done.add(child));
            } else if (isBad(child)) {
                return Optional.of(child); // since the loop above
            }
        }
        for (; left > 0; left--) {
            JoinHandle<T> child = done.take();
            if (isBad(child)) {
                return Optional.of(child);
            }
        }
        return Optional.empty();
    }

    /**
     * Waits for the next child to complete, in any way, and takes it out of the set.
     *
     * @return its handle, or nothing when the set is empty
     * @throws InterruptedException when the caller was interrupted or aborted; the children stay in the set
     */
    public Optional<JoinHandle<T>> joinNext() throws InterruptedException {
        if (children.isEmpty()) {
            return Optional.empty();
        }
        Completions<JoinHandle<T>> done = watchAll();
        JoinHandle<T> next = done.poll();
        for (int i = 0; next == null && i < children.size(); i++) {
            if (runtime.runInline(children.get(i))) {
                next = done.poll();
            }
        }
        if (next == null) {
            next = done.take();
        }
        children.remove(next);
        watched--;
        return Optional.of(next);
    }

    private Completions<JoinHandle<T>> watchAll() {
        Completions<JoinHandle<T>> done = completions;
        if (done == null) {
            done = new Completions<>();
            completions = done;
        }
        Completions<JoinHandle<T>> into = done;
        for (; watched < children.size(); watched++) {
            JoinHandle<T> child = children.get(watched);
            runtime.whenDone(child, () -> into.add(child));
        }
        return into;
    }

    /**
     * Waits for all children, at most for so long, aborts those that are too late, and empties the set. A failure does
     * not hide the others.
     *
     * @throws InterruptedException when the caller was interrupted or aborted; the children stay in the set
     */
    public Collected<T> collectWithin(Duration limit) throws InterruptedException {
        Objects.requireNonNull(limit, "limit");
        long deadline = runtime.clock().nanoTime() + Math.clamp(toNanos(limit), 0, Long.MAX_VALUE / 2);
        Completions<JoinHandle<T>> done = new Completions<>();
        for (JoinHandle<T> child : children) {
            runtime.whenDone(child, () -> done.add(child));
        }
        int left = children.size();
        while (left > 0 && done.take(runtime, deadline) != null) {
            left--;
        }
        List<Collected.Outcome<T>> outcomes = new ArrayList<>(children.size());
        for (JoinHandle<T> child : children) {
            outcomes.add(outcome(child));
        }
        late.addAll(children);
        late.removeIf(JoinHandle::isDone);
        clear();
        return new Collected<>(outcomes);
    }

    /** Children that were too late and may still be unwinding: close() waits for them. */
    private final List<JoinHandle<T>> late = new ArrayList<>();

    private static long toNanos(Duration limit) {
        try {
            return limit.toNanos();
        } catch (ArithmeticException e) {
            return limit.isNegative() ? 0 : Long.MAX_VALUE;
        }
    }

    private Collected.Outcome<T> outcome(JoinHandle<T> child) {
        return switch (child.state()) {
            case SUCCESS -> outcome(child, Collected.Status.DONE, child.resultNow(), null);
            case FAILED -> outcome(child, Collected.Status.FAILED, null, child.exceptionNow());
            case CANCELLED -> outcome(child, Collected.Status.CANCELLED, null, null);
            case RUNNING -> {
                boolean aborted = child.abort("too late for its join set");
                // It may have ended in between: then it was in time after all.
                yield aborted ? outcome(child, Collected.Status.LATE, null, null) : outcome(child);
            }
        };
    }

    private static <T extends @Nullable Object> Collected.Outcome<T> outcome(
            JoinHandle<T> child, Collected.Status status, @Nullable T value, @Nullable Throwable failure) {
        return new Collected.Outcome<>(child.id(), child.name(), status, value, failure);
    }

    private void clear() {
        children.clear();
        completions = null;
        watched = 0;
    }

    // ---- ending ----------------------------------------------------------------------------------------------------

    /** Aborts every child that has not completed. They stay in the set, to be joined. */
    public void abortAll(String reason) {
        for (JoinHandle<T> child : children) {
            child.abort(reason);
        }
    }

    /**
     * Aborts what has not completed and waits until it has unwound, at most for the runtime's abort period; a survivor
     * is logged. An interrupt of the caller does not shorten the wait, and is kept.
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        abortAll("its join set was closed");
        late.addAll(children);
        late.removeIf(JoinHandle::isDone);
        clear();
        if (!late.isEmpty()) {
            awaitLate();
        }
    }

    private void awaitLate() {
        Completions<JoinHandle<T>> done = new Completions<>();
        for (JoinHandle<T> child : late) {
            runtime.whenDone(child, () -> done.add(child));
        }
        long deadline = runtime.clock().nanoTime() + runtime.abortPeriod().toNanos();
        boolean interrupted = false;
        int left = late.size();
        while (left > 0) {
            try {
                if (done.take(runtime, deadline) == null) {
                    break;
                }
                left--;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        late.removeIf(JoinHandle::isDone);
        if (!late.isEmpty()) {
            LOG.log(System.Logger.Level.WARNING, "Weft: still running {0} after their join set was closed: {1}",
                    runtime.abortPeriod(), late);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
