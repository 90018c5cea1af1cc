/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.blocking;

import dev.weft.internal.task.CompletionWaiter;
import dev.weft.internal.task.TaskCell;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** A task's way through the pool. All fields but {@code place} and {@code told} are guarded by the pool's lock. */
final class Job extends CompletionWaiter {

    /*
     * NEW   -> QUEUE    // found a thread or room
     * NEW   -> ROOM     // the queue is full and the submitter waits
     * ROOM  -> QUEUE    // room came; whoever made it moves the job, so that waiting submitters keep their order
     * ROOM  -> REFUSED  // time is up, the submitter was interrupted, or the pool was shut down
     * QUEUE -> THREAD   // taken up
     * QUEUE, ROOM -> DROPPED  // its task was aborted
     *
     * Only the holder of the pool's lock changes the place. The submitter in ROOM reads it without.
     */
    enum Place {
        NEW,
        ROOM,
        QUEUE,
        THREAD,
        REFUSED,
        DROPPED
    }

    private static final VarHandle TOLD;

    static {
        try {
            TOLD = MethodHandles.lookup().findVarHandle(Job.class, "told", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final BlockingPool pool;
    final TaskCell<?> cell;
    final long submittedNanos;

    volatile Place place = Place.NEW;

    /** The thread that waits for room. Set before the place becomes ROOM. */
    @Nullable Thread submitter;

    /** Links of the {@link JobQueue} it is in. */
    @Nullable Job older;

    @Nullable Job newer;

    /** Link of the pool's list of aborted jobs; written before the job is published there. */
    @Nullable Job nextAborted;

    @SuppressWarnings("unused") // accessed through TOLD
    private boolean told;

    Job(BlockingPool pool, TaskCell<?> cell, long submittedNanos) {
        this.pool = pool;
        this.cell = cell;
        this.submittedNanos = submittedNanos;
    }

    /** Registers for the task's end, so that an abort frees the place at once. Without the pool's lock. */
    void watch() {
        if (!cell.addWaiter(this)) {
            completed(cell);
        }
    }

    boolean isWaiting() {
        Place p = place;
        return p == Place.QUEUE || p == Place.ROOM;
    }

    /** Told twice when the task ended while {@link #watch} was under way. */
    @Override
    protected void completed(TaskCell<?> task) {
        if (isWaiting() && TOLD.compareAndSet(this, false, true)) {
            pool.aborted(this);
        }
    }

    @Override
    protected boolean isAbandoned() {
        return !isWaiting();
    }
}
