/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.task;

import java.util.concurrent.atomic.AtomicInteger;

/** A waiter that adds up what it is told. */
final class Told extends CompletionWaiter {

    private final AtomicInteger sum = new AtomicInteger();

    /** How often it was told, by a task whose value is an array with a 1. */
    int sum() {
        return sum.get();
    }

    @Override
    protected void completed(TaskCell<?> task) {
        tell((int[]) task.resultNow());
    }

    void tell(int[] outcome) {
        sum.addAndGet(outcome[0]);
    }
}
