/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.blocking;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The threads that have nothing to do. Guarded by the pool's lock.
 *
 * <p>Last in, first out: the thread that worked last has the warmest caches, and those at the bottom get old and leave.
 */
final class IdleThreads {

    private @Nullable PoolThread newest;
    private @Nullable PoolThread oldest;
    private int size;

    int size() {
        return size;
    }

    void push(PoolThread thread) {
        PoolThread top = newest;
        thread.idleBelow = top;
        newest = thread;
        if (top == null) {
            oldest = thread;
        } else {
            top.idleAbove = thread;
        }
        thread.idle = true;
        size++;
    }

    @Nullable PoolThread popNewest() {
        return pop(newest);
    }

    @Nullable PoolThread popOldest() {
        return pop(oldest);
    }

    void forEach(Consumer<PoolThread> each) {
        for (PoolThread thread = newest; thread != null; thread = thread.idleBelow) {
            each.accept(thread);
        }
    }

    private @Nullable PoolThread pop(@Nullable PoolThread thread) {
        if (thread != null) {
            remove(thread);
        }
        return thread;
    }

    /** Takes out a thread that is in here. */
    void remove(PoolThread thread) {
        PoolThread above = thread.idleAbove;
        PoolThread below = thread.idleBelow;
        if (above == null) {
            newest = below;
        } else {
            above.idleBelow = below;
        }
        if (below == null) {
            oldest = above;
        } else {
            below.idleAbove = above;
        }
        thread.idleAbove = null;
        thread.idleBelow = null;
        thread.idle = false;
        size--;
    }
}
