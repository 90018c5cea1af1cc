/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.task;

/** The bits of a task's state word, and every question that is asked of them. */
final class TaskState {

    /*
     * | unused : 18 | observed : 1 | flags : 5 | inline : 1 | waiter : 1 | delivering : 1 | abort : 1 | outcome : 2 | lifecycle : 2 |
     *
     *  lifecycle
     *    QUEUED  -> RUNNING    // a runner claimed the body; the CAS decides against abort
     *    QUEUED  -> COMPLETE   // aborted before it ran; the body is never entered
     *    RUNNING -> COMPLETE   // body left; the CAS is the linearisation point of join()
     *
     *  abort and delivering, while RUNNING
     *    (0,0) -> (1,1)        // an aborter won; it alone may interrupt the runner
     *    (1,1) -> (1,0)        // the same aborter, after the interrupt was sent
     *    RUNNING -> COMPLETE is forbidden while delivering is set: so no interrupt can arrive at the thread after the
     *    task has left it, which is what keeps an abort of task A from hitting task B on a reused thread.
     *
     *  inline, while RUNNING
     *    0 -> 1                // the task lends its thread to a child; refused once abort is set
     *    1 -> 0                // the child has left the thread
     *    An abort that finds inline set sends no interrupt, which would hit the child; it aborts the child instead,
     *    and the parent interrupts itself when it takes its thread back.
     *
     * Flags are fixed at spawn, but for ADMITTED, which is set once while QUEUED. Observed is set by whoever has been told of a failure.
     */

    static final int LIFECYCLE_MASK = 0b11;
    static final int QUEUED = 0;
    static final int RUNNING = 1;
    static final int COMPLETE = 2;

    static final int OUTCOME_MASK = 0b11 << 2;
    static final int VALUE = 0;
    static final int FAILED = 1 << 2;
    static final int CANCELLED = 2 << 2;

    static final int ABORT = 1 << 4;
    static final int DELIVERING = 1 << 5;
    static final int WAITER = 1 << 6;
    static final int INLINE = 1 << 7;

    /** Nobody holds a handle: a failure goes to the uncaught handler at once. */
    static final int DETACHED = 1 << 8;
    /** Runs on a thread of its own. */
    static final int OWN_THREAD = 1 << 9;
    /** Has to pass the admission gate before a scheduler sees it. */
    static final int GATED = 1 << 10;
    /** Has passed the admission gate. */
    static final int ADMITTED = 1 << 11;
    /** Runs in the blocking pool. */
    static final int BLOCKING = 1 << 12;

    static final int FLAGS_MASK = DETACHED | OWN_THREAD | GATED | ADMITTED | BLOCKING;

    static final int OBSERVED = 1 << 13;

    private TaskState() {}

    static boolean isQueued(int state) {
        return (state & LIFECYCLE_MASK) == QUEUED;
    }

    static boolean isRunning(int state) {
        return (state & LIFECYCLE_MASK) == RUNNING;
    }

    static boolean isComplete(int state) {
        return (state & LIFECYCLE_MASK) == COMPLETE;
    }

    static boolean has(int state, int bit) {
        return (state & bit) != 0;
    }

    static int outcome(int state) {
        return state & OUTCOME_MASK;
    }

    static int started(int state) {
        return (state & ~LIFECYCLE_MASK) | RUNNING;
    }

    static int completed(int state, int outcome) {
        return (state & ~(LIFECYCLE_MASK | OUTCOME_MASK)) | COMPLETE | outcome;
    }
}
