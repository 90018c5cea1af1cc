/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.blocking;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A FIFO of jobs from which any one can be taken in constant time. Guarded by the pool's lock. */
final class JobQueue {

    private @Nullable Job oldest;
    private @Nullable Job newest;
    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    @Nullable Job first() {
        return oldest;
    }

    void add(Job job) {
        Job last = newest;
        job.older = last;
        newest = job;
        if (last == null) {
            oldest = job;
        } else {
            last.newer = job;
        }
        size++;
    }

    @Nullable Job poll() {
        Job job = oldest;
        if (job != null) {
            remove(job);
        }
        return job;
    }

    /** Takes out a job that is in this queue. */
    void remove(Job job) {
        Job before = job.older;
        Job after = job.newer;
        if (before == null) {
            oldest = after;
        } else {
            before.newer = after;
        }
        if (after == null) {
            newest = before;
        } else {
            after.older = before;
        }
        job.older = null;
        job.newer = null;
        size--;
    }

    void forEach(Consumer<Job> each) {
        for (Job job = oldest; job != null; job = job.newer) {
            each.accept(job);
        }
    }
}
