/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.channel;

import dev.weft.concurrency.Rendezvous;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A copy of {@link Oneshot}, to be broken in one place. A receiver that nobody wakes ends when the other side has. */
class OneshotCopy {

    /** What a receive returns besides the value. */
    static final int NEVER_WOKEN = 0;

    static final int CLOSED = -1;
    static final int INTERRUPTED = -2;

    private enum End {
        TAKEN,
        NO_SENDER,
        NO_RECEIVER
    }

    final AtomicReference<@Nullable Object> state = new AtomicReference<>();
    private final Rendezvous otherSide;
    private volatile boolean unparked;

    OneshotCopy(Rendezvous otherSide) {
        this.otherSide = otherSide;
    }

    boolean replaceBySender(@Nullable Object before, Object after) {
        return state.compareAndSet(before, after);
    }

    boolean replaceByReceiver(@Nullable Object before, Object after) {
        return state.compareAndSet(before, after);
    }

    void withdraw(Thread waiter) {
        state.compareAndSet(waiter, null);
    }

    final boolean send(int value) {
        for (;;) {
            Object before = state.get();
            if (before == End.NO_RECEIVER) {
                return false;
            }
            if (replaceBySender(before, value)) {
                unpark(before);
                return true;
            }
        }
    }

    final int receive() {
        for (;;) {
            Object before = state.get();
            if (before instanceof Integer value) {
                if (replaceByReceiver(value, End.TAKEN)) {
                    return value;
                }
            } else if (before instanceof End) {
                return CLOSED;
            } else if (state.compareAndSet(null, Thread.currentThread())) {
                int end = await(Thread.currentThread());
                if (end != 1) {
                    return end;
                }
            }
        }
    }

    /** 1 when something has come. */
    private int await(Thread me) {
        for (;;) {
            boolean over = otherSide.isOver();
            if (Thread.interrupted()) {
                withdraw(me);
                return INTERRUPTED;
            }
            if (unparked) {
                return 1;
            }
            if (over) {
                return NEVER_WOKEN;
            }
            Thread.onSpinWait();
        }
    }

    final void closeSender() {
        for (;;) {
            Object before = state.get();
            if (before instanceof Integer || before instanceof End) {
                return;
            }
            if (replaceBySender(before, End.NO_SENDER)) {
                unpark(before);
                return;
            }
        }
    }

    /** 0 when there is no value. */
    final int closeAndTake() {
        for (;;) {
            Object before = state.get();
            if (before instanceof End) {
                return 0;
            }
            if (replaceByReceiver(before, End.NO_RECEIVER)) {
                return before instanceof Integer value ? value : 0;
            }
        }
    }

    private void unpark(@Nullable Object before) {
        if (before instanceof Thread) {
            unparked = true;
        }
    }
}
