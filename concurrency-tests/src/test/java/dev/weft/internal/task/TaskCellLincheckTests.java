/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.task;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.concurrency.QuietHost;
import dev.weft.internal.task.WatchedThread.Occupant;
import dev.weft.task.TaskCancelledException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A runner starts and completes a task while others abort it and wait for it; and while it lends its thread. */
@Timeout(300)
class TaskCellLincheckTests {

    @Test
    void startAbortCompleteAndAwaitAreLinearizable() {
        modelChecking().check(Life.class);
    }

    @Test
    void brokenTwinInterruptsAfterTheEnd() {
        assertFound(BrokenDelivery.class, "wrongly interrupted");
    }

    @Test
    void brokenTwinForgetsAWaiter() {
        assertFound(BrokenAwait.class, "told 0 times");
    }

    @Test
    void brokenTwinTellsAWaiterTwice() {
        assertFound(BrokenReturn.class, "told 2 times");
    }

    @Test
    void abortOfAParentNeverHitsItsInlineChildAndIsNeverLost() {
        modelChecking().check(Lending.class);
    }

    @Test
    void brokenTwinInterruptsTheInlineChild() {
        assertFound(BrokenLending.class, "wrongly interrupted");
    }

    private static void assertFound(Class<?> broken, String fault) {
        assertThatThrownBy(() -> modelChecking().minimizeFailedScenario(false).check(broken))
                .isInstanceOf(LincheckAssertionError.class)
                .hasMessageContaining(fault);
    }

    /** A task goes through its life once, so whatever comes before the race takes from it. */
    private static ModelCheckingOptions modelChecking() {
        return new ModelCheckingOptions()
                .threads(3)
                .actorsBefore(1)
                .actorsPerThread(2)
                .actorsAfter(1)
                .iterations(30)
                .invocationsPerIteration(500);
    }

    /** One task, driven as a runner drives it. */
    public static class Life {

        private final TaskCell<String> cell = new TaskCell<>(new QuietHost(), () -> "value", null);
        private final WatchedThread thread = new WatchedThread();
        private final Queue<Told> waiters = new ConcurrentLinkedQueue<>();
        private boolean started;

        @Operation(nonParallelGroup = "runner")
        public boolean start() {
            if (started || !cell.tryStart()) {
                return false;
            }
            started = true;
            thread.occupant = Occupant.of(cell);
            cell.publishRunner(thread);
            return true;
        }

        @Operation(nonParallelGroup = "runner")
        public boolean complete() {
            if (!started || cell.isDone()) {
                return false;
            }
            cell.runBody();
            return true;
        }

        @Operation
        public boolean abort() {
            return cell.abort("not wanted");
        }

        @Operation
        public void await() {
            Told waiter = new Told();
            waiters.add(waiter);
            if (!cell.addWaiter(waiter)) {
                waiter.completed(cell);
            }
        }

        @Operation
        public String outcome() throws Exception {
            if (!cell.isDone()) {
                return "none";
            }
            try {
                return cell.join();
            } catch (TaskCancelledException e) {
                return "cancelled";
            }
        }

        @Validate
        public void everyWaiterIsToldOnce() {
            for (Told waiter : waiters) {
                checkTold(waiter.times, cell.isDone());
            }
            checkInterrupts(thread);
        }
    }

    static final class Told extends CompletionWaiter {
        final AtomicInteger times = new AtomicInteger();

        @Override
        protected void completed(TaskCell<?> task) {
            times.incrementAndGet();
        }
    }

    /** Nothing keeps the runner from ending the task while an interrupt is on its way. */
    public static class BrokenDelivery {

        private static final int QUEUED = 0;
        private static final int RUNNING = 1;
        private static final int COMPLETE = 2;
        private static final int ABORT = 4;

        private final AtomicInteger state = new AtomicInteger(QUEUED);
        private final WatchedThread thread = new WatchedThread();

        public BrokenDelivery() {
            thread.occupant = Occupant.of(() -> (state.get() & ABORT) != 0, () -> (state.get() & COMPLETE) != 0);
        }

        @Operation(nonParallelGroup = "runner")
        public boolean start() {
            return state.compareAndSet(QUEUED, RUNNING);
        }

        @Operation(nonParallelGroup = "runner")
        public boolean complete() {
            // the fault: does not wait for the aborter
            return state.compareAndSet(RUNNING, COMPLETE) || state.compareAndSet(RUNNING | ABORT, COMPLETE | ABORT);
        }

        @Operation
        public boolean abort() {
            if (state.compareAndSet(QUEUED, COMPLETE)) {
                return true;
            }
            if (state.compareAndSet(RUNNING, RUNNING | ABORT)) {
                thread.interrupt();
                return true;
            }
            return (state.get() & COMPLETE) == 0;
        }

        @Validate
        public void noInterruptIsLate() {
            checkInterrupts(thread);
        }
    }

    /** A waiter that looks at the state before it stands in the list, and not after. */
    public static class BrokenAwait {

        final AtomicReference<@Nullable Told> newest = new AtomicReference<>();
        final AtomicInteger complete = new AtomicInteger();
        final Queue<Told> waiters = new ConcurrentLinkedQueue<>();
        final TaskCell<String> anyTask = new TaskCell<>(new QuietHost(), () -> "value", null);

        @Operation
        public boolean complete() {
            boolean first = complete.compareAndSet(0, 1);
            tellAll();
            return first;
        }

        final void tellAll() {
            for (CompletionWaiter waiter = newest.getAndSet(null); waiter != null; waiter = waiter.next) {
                waiter.completed(anyTask);
            }
        }

        @Operation
        public void await() {
            Told waiter = new Told();
            waiters.add(waiter);
            if (complete.get() == 1) {
                waiter.completed(anyTask);
            } else {
                push(waiter); // the fault: complete() may have looked at the list by now
            }
        }

        final void push(Told waiter) {
            Told next;
            do {
                next = newest.get();
                waiter.next = next;
            } while (!newest.compareAndSet(next, waiter));
        }

        @Validate
        public void everyWaiterIsToldOnce() {
            for (Told waiter : waiters) {
                checkTold(waiter.times, complete.get() == 1);
            }
        }
    }

    /** A waiter that finds the task complete, and does not ask whether the completer has taken it. */
    public static class BrokenReturn extends BrokenAwait {

        @Override
        @Operation
        public void await() {
            Told waiter = new Told();
            waiters.add(waiter);
            push(waiter);
            if (complete.get() == 1) {
                waiter.completed(anyTask); // the fault: the list was not taken
            }
        }
    }

    /** A parent that lends its thread to a child, as a runner does it. */
    public static class Lending {

        private final QuietHost host = new QuietHost();
        private final TaskCell<String> parent = new TaskCell<>(host, () -> "parent", null);
        private final TaskCell<String> child = new TaskCell<>(host, () -> "child", null);
        private final WatchedThread thread = new WatchedThread();
        private final Occupant parentOnThread = Occupant.of(parent);
        private boolean started;
        private boolean toldOfAbort;

        @Operation(nonParallelGroup = "runner")
        public boolean start() {
            if (started || !parent.tryStart()) {
                return false;
            }
            started = true;
            thread.occupant = parentOnThread;
            parent.publishRunner(thread);
            return true;
        }

        @Operation(nonParallelGroup = "runner")
        public void runChildInline() {
            if (!started || parent.isDone() || !parent.tryLendThread(child)) {
                return;
            }
            if (child.tryStart()) {
                thread.occupant = Occupant.of(child);
                child.publishRunner(thread);
                child.runBody();
                thread.occupant = parentOnThread;
            }
            toldOfAbort |= parent.takeThreadBack();
        }

        @Operation(nonParallelGroup = "runner")
        public boolean complete() {
            if (!started || parent.isDone()) {
                return false;
            }
            parent.runBody();
            return true;
        }

        @Operation
        public boolean abort() {
            return parent.abort("not wanted");
        }

        @Operation
        public void abortChild() {
            child.abort("not wanted");
        }

        @Validate
        public void abortReachesTheParentOnly() {
            checkInterrupts(thread);
            boolean told = toldOfAbort || thread.interrupted == parentOnThread;
            check(!started || parent.isAbortRequested() == told, "an abort was lost");
        }
    }

    /** A parent that does not say that it has lent its thread. */
    public static class BrokenLending {

        private static final int RUNNING = 1;
        private static final int ABORT = 2;

        private final AtomicInteger state = new AtomicInteger(RUNNING);
        private final WatchedThread thread = new WatchedThread();
        private final Occupant parentOnThread = Occupant.of(() -> (state.get() & ABORT) != 0, () -> false);

        public BrokenLending() {
            thread.occupant = parentOnThread;
        }

        @Operation(nonParallelGroup = "runner")
        public void runChildInline() {
            if (state.get() == RUNNING) {
                thread.occupant = Occupant.of(() -> false, () -> false); // the fault: state says nothing of the child
                thread.occupant = parentOnThread;
            }
        }

        @Operation
        public boolean abort() {
            boolean first = state.compareAndSet(RUNNING, RUNNING | ABORT);
            if (first) {
                thread.interrupt();
            }
            return first;
        }

        @Validate
        public void abortReachesTheParentOnly() {
            checkInterrupts(thread);
        }
    }

    private static void checkTold(AtomicInteger times, boolean complete) {
        check(times.get() == (complete ? 1 : 0), "a waiter was told " + times + " times");
    }

    private static void checkInterrupts(WatchedThread thread) {
        check(!thread.wronglyInterrupted, "a task was wrongly interrupted");
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }
}
