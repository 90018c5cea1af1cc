/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.admission;

import dev.weft.internal.task.CompletionWaiter;
import dev.weft.internal.task.TaskCell;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** A task's way through the gate. */
final class Admission extends CompletionWaiter {

    /*
     * NEW    -> PERMIT    // a permit was free
     * NEW    -> QUEUED    // there was room
     * NEW    -> ROOM      // there was none, and the submitter waits
     * ROOM   -> QUEUED    // room came
     * ROOM   -> REFUSED   // time is up, the submitter was interrupted, or the gate was closed
     * QUEUED -> PERMIT    // its turn
     * QUEUED -> DROPPED   // its turn, but somebody else runs it already; or the gate was closed
     * any    -> ENDED     // the task is complete
     *
     * The holder of the gate's lock makes all of these but the last, from NEW with a store and otherwise with a CAS.
     * The last is an exchange by the thread on which the task ended. What the exchange returns decides, once, what the
     * end means: PERMIT gives a permit back, QUEUED and ROOM give a place back, everything else nothing. So a permit
     * that was handed over is returned once, however the end, the hand-over and an abort fall together.
     */
    enum Stage {
        NEW,
        ROOM,
        QUEUED,
        PERMIT,
        REFUSED,
        DROPPED,
        ENDED
    }

    private static final VarHandle STAGE;

    static {
        try {
            STAGE = MethodHandles.lookup().findVarHandle(Admission.class, "stage", Stage.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final TaskCell<?> task;
    private final AdmissionGate gate;
    private volatile Stage stage = Stage.NEW;

    /** The thread that waits for room. Set before the stage becomes ROOM. */
    @Nullable Thread submitter;

    /** Link of the gate's list of places given back; written before the admission is published there. */
    @Nullable Admission nextVacated;

    Admission(AdmissionGate gate, TaskCell<?> task) {
        this.gate = gate;
        this.task = task;
    }

    Stage stage() {
        return stage;
    }

    /** The first stage. Before the admission is published. */
    void begin(Stage first) {
        stage = first;
    }

    boolean tryMove(Stage from, Stage to) {
        return STAGE.compareAndSet(this, from, to);
    }

    /** Registers for the task's end. False when that has come already. Without the gate's lock. */
    boolean watch() {
        if (task.addWaiter(this)) {
            return true;
        }
        completed(task);
        return false;
    }

    /** Told twice when the task ended while {@link #watch} was under way; the second exchange returns ENDED. */
    @Override
    protected void completed(TaskCell<?> ended) {
        switch ((Stage) STAGE.getAndSet(this, Stage.ENDED)) {
            case PERMIT -> gate.released();
            case QUEUED, ROOM -> gate.vacated(this);
            default -> {}
        }
    }

    @Override
    protected boolean isAbandoned() {
        Stage s = stage;
        return s == Stage.REFUSED || s == Stage.DROPPED;
    }
}
