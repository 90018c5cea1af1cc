/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.task;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A thread that joins. */
final class JoinWaiter extends CompletionWaiter {

    private volatile @Nullable Thread thread = Thread.currentThread();

    @Override
    protected void completed(TaskCell<?> task) {
        Thread joiner = thread;
        if (joiner != null) {
            LockSupport.unpark(joiner);
        }
    }

    void abandon() {
        thread = null;
    }

    @Override
    protected boolean isAbandoned() {
        return thread == null;
    }
}
