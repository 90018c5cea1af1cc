/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.timer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The state word of a {@link TimerEntry}: every transition that two threads may dispute is decided here.
 *
 * <p>Thread-safe and lock-free. Each method is one transition and says whether the caller made it.
 */
abstract class TimerState {

    /*
     * | unused : 29 | posted : 1 | lifecycle : 2 |
     *
     *  NEW              -> ARMED             // tryArm: the owner registers, and links the entry next
     *  NEW              -> ARMED, posted     // tryArmPosted: a foreign thread registers, and pushes it to the mailbox next
     *  ARMED, posted    -> ARMED             // takeFromMail: the owner drains the mailbox, and links the entry next
     *  ARMED            -> FIRED             // tryFire: the owner, after it has unlinked the entry
     *  ARMED            -> NEW               // tryDisarm: the owner at drain, after it has unlinked the entry
     *  FIRED            -> NEW               // reset: whoever was told of the firing, to use the entry again
     *  NEW              -> CANCELLED         // tryCancel = UNFILED: nobody ever links it
     *  ARMED, posted    -> CANCELLED, posted // tryCancel = UNFILED: the owner drops it when it drains the mailbox
     *  ARMED            -> CANCELLED, posted // tryCancel = FILED: the canceller unlinks it (owner) or posts it (foreign)
     *  CANCELLED, posted-> CANCELLED         // takeFromMail; an owner that cancels leaves the bit, nothing reads it any more
     *
     * The CAS out of ARMED is the linearisation point of cancel against fire: one of the two wins, and only the winner
     * goes on. CANCELLED is final. There is no FIRING: the driver does not touch an entry after it has called fire(),
     * so fire() itself may reset the entry and register it with any driver; a late FIRING -> FIRED could hit that
     * second arming.
     *
     * posted means "some thread has undertaken to bring this entry to the owner". It is set together with the
     * lifecycle, in the same CAS, by the thread that then pushes the entry; while it is set nobody else pushes. So an
     * entry is in at most one mailbox, at most once, and owns its mail link. The owner clears the bit in the same
     * atomic step in which it learns the lifecycle. Hence a cancel that comes before that step is seen by it, and one
     * that comes after it finds the bit clear and posts the entry again.
     *
     *  posted and ARMED     => not linked in wheel or heap
     *  linked               => ARMED, or CANCELLED and (being unlinked by the owner, or in the mailbox, or on its way there)
     *
     * Memory order. All transitions but reset are volatile read-modify-writes. tryArm/tryArmPosted publish the
     * driver and deadline fields written before; tryCancel acquires them. reset is a release store: the caller is
     * the only thread that may leave FIRED, and its new deadline becomes visible no later than NEW does.
     */

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(TimerState.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    static final int LIFECYCLE = 0b011;
    static final int NEW = 0b000;
    static final int ARMED = 0b001;
    static final int FIRED = 0b010;
    static final int CANCELLED = 0b011;
    static final int POSTED = 0b100;

    /** What a cancel found, and so what is left to do for the canceller. */
    enum Cancellation {
        /** It fired, or was cancelled before. */
        REFUSED,
        /** Cancelled, and nobody will link it. */
        UNFILED,
        /** Cancelled, and linked or about to be: the canceller must see to it that the owner unlinks it. */
        FILED
    }

    @SuppressWarnings("unused") // accessed through STATE
    private int state;

    TimerState() {}

    /** NEW to ARMED, by the owner. */
    final boolean tryArm() {
        return STATE.compareAndSet(this, NEW, ARMED);
    }

    /** NEW to ARMED and posted, by a foreign thread, which must push the entry if this returns {@code true}. */
    final boolean tryArmPosted() {
        return STATE.compareAndSet(this, NEW, ARMED | POSTED);
    }

    /**
     * Ends the entry's stay in the mailbox, by the owner.
     *
     * @return whether it is armed, which means that the owner must link it; otherwise it is cancelled
     */
    final boolean takeFromMail() {
        int before = (int) STATE.getAndBitwiseAnd(this, ~POSTED);
        return (before & LIFECYCLE) == ARMED;
    }

    /** ARMED to FIRED, by the owner, for an entry that it has unlinked. */
    final boolean tryFire() {
        return STATE.compareAndSet(this, ARMED, FIRED);
    }

    /** ARMED to NEW, by the owner, for an entry that it has unlinked. */
    final boolean tryDisarm() {
        return STATE.compareAndSet(this, ARMED, NEW);
    }

    /** To CANCELLED, by any thread; decides against {@link #tryFire()}. */
    final Cancellation tryCancel() {
        for (;;) {
            int seen = (int) STATE.getAcquire(this);
            if (seen == NEW) {
                if (STATE.compareAndSet(this, NEW, CANCELLED)) {
                    return Cancellation.UNFILED;
                }
            } else if (seen == (ARMED | POSTED)) {
                if (STATE.compareAndSet(this, ARMED | POSTED, CANCELLED | POSTED)) {
                    return Cancellation.UNFILED;
                }
            } else if (seen == ARMED) {
                if (STATE.compareAndSet(this, ARMED, CANCELLED | POSTED)) {
                    return Cancellation.FILED;
                }
            } else {
                return Cancellation.REFUSED;
            }
        }
    }

    final boolean hasFired() {
        return lifecycle() == FIRED;
    }

    final boolean wasCancelled() {
        return lifecycle() == CANCELLED;
    }

    final boolean isNew() {
        return lifecycle() == NEW;
    }

    /** FIRED to NEW, by the only thread that may. The caller checks {@link #hasFired()} first. */
    final void reset() {
        STATE.setRelease(this, NEW); // pairs with the compare-and-sets from NEW
    }

    private int lifecycle() {
        return (int) STATE.getAcquire(this) & LIFECYCLE; // pairs with every transition
    }
}
