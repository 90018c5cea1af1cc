/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.task;

import static dev.weft.internal.task.TaskState.ABORT;
import static dev.weft.internal.task.TaskState.ADMITTED;
import static dev.weft.internal.task.TaskState.BLOCKING;
import static dev.weft.internal.task.TaskState.CANCELLED;
import static dev.weft.internal.task.TaskState.DELIVERING;
import static dev.weft.internal.task.TaskState.DETACHED;
import static dev.weft.internal.task.TaskState.FAILED;
import static dev.weft.internal.task.TaskState.GATED;
import static dev.weft.internal.task.TaskState.INLINE;
import static dev.weft.internal.task.TaskState.OBSERVED;
import static dev.weft.internal.task.TaskState.OWN_THREAD;
import static dev.weft.internal.task.TaskState.VALUE;
import static dev.weft.internal.task.TaskState.WAITER;

import dev.weft.internal.concurrent.QueueNode;
import dev.weft.internal.port.Ports;
import dev.weft.task.AbortHandle;
import dev.weft.task.JoinHandle;
import dev.weft.task.TaskAction;
import dev.weft.task.TaskCancelledException;
import dev.weft.task.TaskFailedException;
import java.io.InterruptedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.SocketException;
import java.nio.channels.ClosedByInterruptException;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A task: a body on its way to an outcome, and the handle to it.
 *
 * <p>Handle methods are thread-safe. The {@code try…} and {@code complete…} transitions belong to whoever runs the
 * task, in the order given below.
 *
 * @param <T> what the body returns
 */
public final class TaskCell<T extends @Nullable Object> extends QueueNode implements JoinHandle<T> {

    /*
     * The life of a task, as its runner drives it (the state word is explained in TaskState):
     *
     *   tryStart()                        claims the body, or says that an abort came first
     *   clear a stray interrupt           a saved Thread may have been interrupted while it was idle
     *   publishRunner(thread)             from now on an aborter may interrupt it
     *   body
     *   complete(..)                      waits for an interrupt that is being delivered, then ends the task
     *   clear the interrupt               only now: the deliverer is done, no other can come
     *
     * payload holds the body until RUNNING; then the child while INLINE; then the outcome. Only the thread that set
     * RUNNING writes it, and after COMPLETE nobody does. It is published by the completing CAS (release) and read after
     * an acquire read of the state. The one exception: who aborts a queued task lets go of its body after the CAS, since
     * a runner may claim it until then. So the outcome of a cancelled task is looked at before it is trusted.
     *
     * Waiters stand in a Treiber stack. A waiter pushes itself and then sets WAITER; the completer looks at the stack
     * when its CAS finds WAITER. Either the waiter's CAS on the state sees COMPLETE, or the completer's CAS sees WAITER.
     * The completer may have seen the WAITER of another one, and taken a waiter whose own CAS then sees COMPLETE. So
     * telling belongs to whoever takes the stack, by an exchange: the completer, or the waiter that sees COMPLETE.
     */

    private static final VarHandle STATE;
    private static final VarHandle PAYLOAD;
    private static final VarHandle WAITERS;
    private static final VarHandle RUNNER;
    private static final VarHandle META;

    static {
        try {
            var lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(TaskCell.class, "state", int.class);
            PAYLOAD = lookup.findVarHandle(TaskCell.class, "payload", Object.class);
            WAITERS = lookup.findVarHandle(TaskCell.class, "waiters", CompletionWaiter.class);
            RUNNER = lookup.findVarHandle(TaskCell.class, "runner", Thread.class);
            META = lookup.findVarHandle(TaskCell.class, "meta", TaskMeta.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final TaskHost host;
    private final @Nullable ClassLoader loader;

    private volatile int state;

    private @Nullable Object payload;

    @SuppressWarnings("unused") // accessed through WAITERS
    private volatile @Nullable CompletionWaiter waiters;

    @SuppressWarnings("unused") // accessed through RUNNER
    private volatile @Nullable Thread runner;

    private volatile @Nullable TaskMeta meta;

    /**
     * Makes a queued task.
     *
     * @param loader the context class loader its body will see
     */
    public TaskCell(TaskHost host, Callable<? extends T> body, @Nullable ClassLoader loader) {
        this.host = host;
        this.payload = body instanceof TaskAction ? (Callable<?>) body::call : body; // an object may be both
        this.loader = loader;
    }

    /**
     * Makes a queued task without a value.
     *
     * @param loader the context class loader its body will see
     */
    public TaskCell(TaskHost host, TaskAction body, @Nullable ClassLoader loader) {
        this.host = host;
        this.payload = body;
        this.loader = loader;
    }

    // ---- at spawn, before the cell is published -------------------------------------------------------------------

    /** Gives the task a name and tags. Before it is published. */
    public void describe(@Nullable String name, Map<String, String> tags) {
        META.set(this, new TaskMeta(name, tags));
    }

    /** Notes when the task was spawned. Before it is published. */
    public void spawnedAt(long nanos) {
        meta().spawnedNanos = nanos == 0 ? 1 : nanos; // 0 is for "not measured", and a reading like any other
    }

    /** Replaces the body by one that wraps it. Before the cell is published. */
    @SuppressWarnings("unchecked")
    public void wrapBody(UnaryOperator<Callable<Object>> wrapper) {
        Object body = Objects.requireNonNull(payload);
        payload = wrapper.apply(body instanceof TaskAction action ? callable(action) : (Callable<Object>) body);
    }

    @SuppressWarnings("NullAway") // the value of an action is null
    private static Callable<Object> callable(TaskAction action) {
        return () -> {
            action.run();
            return null;
        };
    }

    /** Says that nobody holds a handle, so that a failure is reported at once. Before the cell is published. */
    public void detach() {
        STATE.set(this, (int) STATE.get(this) | DETACHED);
    }

    /** Asks for a thread of its own. Before the cell is published. */
    public void needOwnThread() {
        STATE.set(this, (int) STATE.get(this) | OWN_THREAD);
    }

    /** Says that the task has to pass the admission gate. Before the cell is published. */
    public void gated() {
        STATE.set(this, (int) STATE.get(this) | GATED);
    }

    /** Says that the task runs in the blocking pool. Before the cell is published. */
    public void blocking() {
        STATE.set(this, (int) STATE.get(this) | BLOCKING);
    }

    /**
     * Notes that the task has passed the admission gate.
     *
     * @return false when it was aborted meanwhile and must not reach a scheduler
     */
    public boolean admitted() {
        return TaskState.isQueued((int) STATE.getAndBitwiseOr(this, ADMITTED));
    }

    /** Whether it has to pass the admission gate and has not. */
    public boolean isAtGate() {
        int s = state;
        return TaskState.has(s, GATED) && !TaskState.has(s, ADMITTED);
    }

    /** Whether this task runs in the blocking pool. */
    public boolean isBlocking() {
        return TaskState.has(state, BLOCKING);
    }

    // ---- for whoever runs it --------------------------------------------------------------------------------------

    /** Claims the body. False when the task was aborted first, or somebody else claimed it; then it is to be dropped. */
    public boolean tryStart() {
        int s = (int) STATE.getOpaque(this);
        while (TaskState.isQueued(s)) {
            int seen = (int) STATE.compareAndExchange(this, s, TaskState.started(s));
            if (seen == s) {
                return true;
            }
            s = seen;
        }
        return false;
    }

    /** Lets aborters interrupt {@code thread} from now on. The caller has cleared its interrupt status. */
    public void publishRunner(Thread thread) {
        RUNNER.setRelease(this, thread); // pairs with getAcquire in deliver()
    }

    /** Runs the body and completes the task. Never throws. After {@link #publishRunner}; the interrupt status is left as it is. */
    public void runBody() {
        Object body = Objects.requireNonNull(payload);
        payload = null;
        Object value = null;
        Throwable thrown = null;
        try {
            if (body instanceof TaskAction action) {
                action.run();
            } else {
                value = ((Callable<?>) body).call();
            }
        } catch (Throwable e) {
            thrown = e;
        }
        complete(value, thrown);
    }

    private void complete(@Nullable Object value, @Nullable Throwable thrown) {
        payload = thrown == null ? value : thrown;
        int s = (int) STATE.getOpaque(this);
        for (;;) {
            if (TaskState.has(s, DELIVERING)) {
                awaitDelivery();
                s = (int) STATE.getAcquire(this);
                continue;
            }
            int outcome = thrown == null ? VALUE : TaskState.has(s, ABORT) && isStop(thrown) ? CANCELLED : FAILED;
            int seen = (int) STATE.compareAndExchange(this, s, TaskState.completed(s, outcome)); // linearises join()
            if (seen == s) {
                ended(s, outcome, thrown);
                return;
            }
            s = seen;
        }
    }

    /** The aborter may have lost its processor between its CAS and the interrupt: spin a little, then give way. */
    private void awaitDelivery() {
        for (int spins = 0; TaskState.has((int) STATE.getAcquire(this), DELIVERING); spins++) {
            if (spins < 100) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
    }

    /** Returns whether an exception is how a body answers an abort. */
    public static boolean isStop(Throwable thrown) {
        return thrown instanceof InterruptedException
                || thrown instanceof CancellationException
                || thrown instanceof ClosedByInterruptException
                || thrown instanceof InterruptedIOException
                || isClosedByInterrupt(thrown);
    }

    /** What {@code java.net} throws where channels have a class of their own. */
    private static boolean isClosedByInterrupt(Throwable thrown) {
        return thrown instanceof SocketException && "Closed by interrupt".equals(thrown.getMessage());
    }

    private void ended(int before, int outcome, @Nullable Throwable thrown) {
        if (TaskState.has(before, WAITER)) {
            tellWaiters();
        }
        if (outcome != VALUE) {
            host.endedBadly(this, outcome == CANCELLED);
        }
        if (outcome == FAILED && thrown != null) {
            if (TaskState.has(before, DETACHED)) {
                markObserved();
                host.uncaught(id(), name(), thrown);
            } else {
                watchFailure(thrown);
            }
        }
    }

    private void watchFailure(Throwable thrown) {
        try {
            UnobservedFailures.watch(this, host, thrown);
        } catch (OutOfMemoryError e) {
            host.uncaught(id(), name(), thrown); // it cannot be watched, so it is told now, perhaps once too often
        }
    }

    private void tellWaiters() {
        CompletionWaiter waiter = (CompletionWaiter) WAITERS.getAndSet(this, null);
        while (waiter != null) {
            CompletionWaiter next = waiter.next;
            tell(waiter);
            waiter = next;
        }
    }

    /** One that throws, though it must not, keeps the others from nothing. */
    private void tell(CompletionWaiter waiter) {
        try {
            waiter.completed(this);
        } catch (Throwable e) {
            host.uncaught(id(), name(), e);
        }
    }

    /** The context class loader that the body shall see. */
    public @Nullable ClassLoader loader() {
        return loader;
    }

    /** Returns whether the body wants a thread that no other task ever uses. */
    public boolean needsOwnThread() {
        return TaskState.has((int) STATE.getOpaque(this), OWN_THREAD);
    }

    /** Returns whether nobody has claimed the body and nobody has aborted it. */
    public boolean isQueued() {
        return TaskState.isQueued(state);
    }

    // ---- running a child on this task's thread ---------------------------------------------------------------------

    /** Lends this running task's thread to {@code child}. False once an abort was asked for. This task's thread only. */
    public boolean tryLendThread(TaskCell<?> child) {
        PAYLOAD.setRelease(this, child);
        int s = state;
        while (!TaskState.has(s, ABORT)) {
            int seen = (int) STATE.compareAndExchange(this, s, s | INLINE);
            if (seen == s) {
                return true;
            }
            s = seen;
        }
        payload = null;
        return false;
    }

    /**
     * Takes the thread back.
     *
     * @return whether an abort came meanwhile, in which case the caller interrupts itself
     */
    public boolean takeThreadBack() {
        int before = (int) STATE.getAndBitwiseAnd(this, ~INLINE);
        payload = null;
        return TaskState.has(before, ABORT);
    }

    // ---- abort -----------------------------------------------------------------------------------------------------

    @Override
    public boolean abort(String reason) {
        Objects.requireNonNull(reason, "reason");
        int s = state;
        for (;;) {
            if (TaskState.isComplete(s)) {
                return false;
            }
            rememberReason(reason);
            int target;
            if (TaskState.isQueued(s)) {
                target = TaskState.completed(s, CANCELLED) | ABORT;
            } else if (TaskState.has(s, INLINE)) {
                target = s | ABORT;
            } else if (TaskState.has(s, DELIVERING)) {
                return true; // somebody's interrupt is on its way
            } else {
                target = s | ABORT | DELIVERING;
            }
            int seen = (int) STATE.compareAndExchange(this, s, target);
            if (seen == s) {
                aborted(s, target, reason);
                return true;
            }
            s = seen;
        }
    }

    private void aborted(int before, int after, String reason) {
        if (TaskState.isQueued(before)) {
            payload = null;
            if (TaskState.has(before, WAITER)) {
                tellWaiters();
            }
            host.endedBadly(this, true);
            host.endedUnstarted(this, TaskState.has(before, BLOCKING)
                    || (TaskState.has(before, GATED) && !TaskState.has(before, ADMITTED)));
        } else if (TaskState.has(after, DELIVERING)) {
            deliver();
        } else {
            abortInlineChild(reason);
        }
    }

    private void deliver() {
        Thread target;
        while ((target = (Thread) RUNNER.getAcquire(this)) == null) { // pairs with publishRunner
            Thread.onSpinWait();
        }
        try {
            target.interrupt();
        } finally {
            STATE.getAndBitwiseAnd(this, ~DELIVERING);
        }
    }

    /**
     * The abort bit is set, so no further child can be lent the thread: if INLINE is still set after the payload was
     * read, what was read is the child.
     */
    private void abortInlineChild(String reason) {
        Object child = PAYLOAD.getAcquire(this);
        if (TaskState.has(state, INLINE) && child instanceof TaskCell<?> cell) {
            cell.abort(reason);
        }
    }

    private void rememberReason(String reason) {
        TaskMeta m = meta();
        if (m.abortReason == null) {
            m.abortReason = reason; // several aborters may write: the last one's stays
        }
    }

    /** Returns whether somebody asked this task to stop. */
    public boolean isAbortRequested() {
        return TaskState.has(state, ABORT);
    }

    /** Returns why it was asked to stop. */
    public String abortReason() {
        TaskMeta m = meta;
        String reason = m == null ? null : m.abortReason;
        return reason == null ? "aborted" : reason;
    }

    // ---- the handle ------------------------------------------------------------------------------------------------

    @Override
    public T join() throws InterruptedException {
        if (!TaskState.isComplete(state)) {
            await();
        }
        return result();
    }

    private void await() throws InterruptedException {
        refuseSelfJoin();
        if (Thread.interrupted()) {
            throw Ports.interruption();
        }
        if (Thread.currentThread().isVirtual()) {
            parkUntilDone();
            return;
        }
        long since = System.nanoTime();
        if (!host.joinSpin.spinUntil(this::isDone, since)) {
            parkUntilDone();
        }
        host.joinSpin.waited(System.nanoTime() - since);
    }

    private void parkUntilDone() throws InterruptedException {
        JoinWaiter waiter = new JoinWaiter();
        if (!addWaiter(waiter)) {
            return;
        }
        for (;;) {
            LockSupport.park(this);
            if (TaskState.isComplete(state)) {
                return;
            }
            if (Thread.interrupted()) {
                waiter.abandon();
                throw Ports.interruption();
            }
        }
    }

    /** Waits until the task is complete or the time is up, and tells which. */
    public boolean await(long timeoutNanos) throws InterruptedException {
        if (TaskState.isComplete(state)) {
            return true;
        }
        refuseSelfJoin();
        if (Thread.interrupted()) {
            throw Ports.interruption();
        }
        long deadline = System.nanoTime() + timeoutNanos;
        JoinWaiter waiter = new JoinWaiter();
        if (!addWaiter(waiter)) {
            return true;
        }
        for (;;) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                waiter.abandon();
                return TaskState.isComplete(state);
            }
            LockSupport.parkNanos(this, left);
            if (TaskState.isComplete(state)) {
                return true;
            }
            if (Thread.interrupted()) {
                waiter.abandon();
                throw Ports.interruption();
            }
        }
    }

    private void refuseSelfJoin() {
        if (Thread.currentThread() == runner && TaskState.isRunning(state)) {
            throw new IllegalStateException(label() + " joins itself, which would wait for ever. Return the value"
                    + " instead, or join from another task");
        }
    }

    /**
     * Registers one who wants to know of the end, and who is told of it once, perhaps before this returns.
     *
     * @return false, and nothing registered, when the task is complete already
     */
    public boolean addWaiter(CompletionWaiter waiter) {
        if (TaskState.isComplete(state)) {
            return false;
        }
        CompletionWaiter first = waiters;
        do {
            while (first != null && first.isAbandoned()) {
                // A cancelled join left it behind; dropping it here keeps a long-lived task's list short.
                CompletionWaiter rest = first.next;
                first = WAITERS.compareAndSet(this, first, rest) ? rest : waiters;
            }
            waiter.next = first;
            CompletionWaiter seen = (CompletionWaiter) WAITERS.compareAndExchange(this, first, waiter);
            if (seen == first) {
                break;
            }
            first = seen;
        } while (true);
        int s = state;
        for (;;) {
            if (TaskState.isComplete(s)) {
                tellWaiters(); // this one among them, unless the completer was faster
                return true;
            }
            if (TaskState.has(s, WAITER)) {
                return true;
            }
            int seen = (int) STATE.compareAndExchange(this, s, s | WAITER);
            if (seen == s) {
                return true;
            }
            s = seen;
        }
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // a null is in T when the body returned one
    private T result() {
        int s = state;
        assert TaskState.isComplete(s);
        return switch (TaskState.outcome(s)) {
            case VALUE -> (T) payload;
            case FAILED -> throw new TaskFailedException(label(), failure());
            default ->
                throw new TaskCancelledException(label(), abortReason(), payload instanceof Throwable t ? t : null);
        };
    }

    private Throwable failure() {
        markObserved();
        return (Throwable) Objects.requireNonNull(payload);
    }

    private void markObserved() {
        if (!TaskState.has(state, OBSERVED)) {
            STATE.getAndBitwiseOr(this, OBSERVED);
            UnobservedFailures.observed(this);
        }
    }

    boolean isObserved() {
        return TaskState.has(state, OBSERVED);
    }

    /** Returns what the body threw, or null while it runs and when it did not fail. Counts as asking for the failure. */
    public @Nullable Throwable failureOrNull() {
        int s = state;
        return TaskState.isComplete(s) && TaskState.outcome(s) == FAILED ? failure() : null;
    }

    /** Returns whether the task is complete and its body returned. */
    public boolean hasValue() {
        int s = state;
        return TaskState.isComplete(s) && TaskState.outcome(s) == VALUE;
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        if (!TaskState.isComplete(state)) {
            await();
        }
        return futureResult();
    }

    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        if (!await(unit.toNanos(timeout))) {
            throw new TimeoutException(label() + " did not complete within " + timeout + " "
                    + unit.name().toLowerCase(Locale.ROOT));
        }
        return futureResult();
    }

    private T futureResult() throws ExecutionException {
        try {
            return result();
        } catch (TaskFailedException e) {
            throw new ExecutionException(e.getMessage(), e.getCause());
        }
    }

    @Override
    public T resultNow() {
        try {
            return switch (state()) {
                case SUCCESS -> result();
                case RUNNING -> throw new IllegalStateException(label() + " has not completed");
                case FAILED -> throw new IllegalStateException(label() + " failed");
                case CANCELLED -> throw new IllegalStateException(label() + " was cancelled");
            };
        } catch (TaskFailedException | TaskCancelledException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Throwable exceptionNow() {
        Throwable failure = failureOrNull();
        if (failure == null) {
            throw new IllegalStateException(label() + " has not failed");
        }
        return failure;
    }

    @Override
    public State state() {
        int s = state;
        if (!TaskState.isComplete(s)) {
            return State.RUNNING;
        }
        return switch (TaskState.outcome(s)) {
            case VALUE -> State.SUCCESS;
            case FAILED -> State.FAILED;
            default -> State.CANCELLED;
        };
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        return abort("cancelled through Future.cancel");
    }

    @Override
    public boolean isCancelled() {
        int s = state;
        return TaskState.isComplete(s) && TaskState.outcome(s) == CANCELLED;
    }

    @Override
    public boolean isDone() {
        return TaskState.isComplete(state);
    }

    @Override
    public AbortHandle abortHandle() {
        return this;
    }

    @Override
    public CompletableFuture<T> toCompletableFuture() {
        var future = new TaskFuture<>(this);
        if (!addWaiter(future.waiter())) {
            future.waiter().completed(this);
        }
        return future;
    }

    // ---- identity --------------------------------------------------------------------------------------------------

    private TaskMeta meta() {
        TaskMeta m = meta;
        if (m == null) {
            TaskMeta made = new TaskMeta(null, Map.of());
            TaskMeta seen = (TaskMeta) META.compareAndExchange(this, null, made);
            m = seen == null ? made : seen;
        }
        return m;
    }

    @Override
    public long id() {
        return meta().id;
    }

    @Override
    public @Nullable String name() {
        TaskMeta m = meta;
        return m == null ? null : m.name;
    }

    /** Returns the tags given at spawn. */
    public Map<String, String> tags() {
        TaskMeta m = meta;
        return m == null ? Map.of() : m.tags;
    }

    /** Returns when the task was spawned, or 0 when that was not measured. */
    public long spawnedNanos() {
        TaskMeta m = meta;
        return m == null ? 0 : m.spawnedNanos;
    }

    /** Returns the runtime this task belongs to. */
    public TaskHost host() {
        return host;
    }

    /** Returns the thread the task runs on, or null before it has started. */
    public @Nullable Thread runner() {
        return (Thread) RUNNER.getAcquire(this);
    }

    private String label() {
        String name = name();
        return name == null ? "task " + id() : "task '" + name + "' (" + id() + ")";
    }

    @Override
    public String toString() {
        return label() + " " + state().name().toLowerCase(Locale.ROOT);
    }
}
