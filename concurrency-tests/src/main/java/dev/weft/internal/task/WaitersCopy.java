/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.task;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A copy of how {@link TaskCell} keeps its waiters, to be broken in one place. */
class WaitersCopy {

    private static final int[] OUTCOME = {1};

    final AtomicReference<@Nullable CompletionWaiter> newest = new AtomicReference<>();
    private volatile boolean complete;

    final void complete() {
        complete = true;
        tellAll();
    }

    final void tellAll() {
        for (CompletionWaiter waiter = newest.getAndSet(null); waiter != null; waiter = waiter.next) {
            tell((Told) waiter);
        }
    }

    static void tell(Told waiter) {
        waiter.tell(OUTCOME);
    }

    final boolean isComplete() {
        return complete;
    }

    final boolean add(Told waiter) {
        if (complete) {
            return false;
        }
        CompletionWaiter first;
        do {
            first = newest.get();
            waiter.next = first;
        } while (!newest.compareAndSet(first, waiter));
        lookAgain(waiter);
        return true;
    }

    void lookAgain(Told waiter) {
        if (complete) {
            tellAll();
        }
    }
}
