/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.task;

import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What most tasks never need: identity, name, tags, abort reason. Made on demand, so that a plain task pays 4 bytes. */
final class TaskMeta {

    private static final AtomicLong IDS = new AtomicLong();

    final long id = IDS.incrementAndGet();
    final @Nullable String name;
    final Map<String, String> tags;

    /** Written before the abort bit is set. A later abort leaves it; of several at once, the last to write has it. */
    volatile @Nullable String abortReason;

    /** When the task was spawned, for those who measure; 0 when nobody does. */
    volatile long spawnedNanos;

    TaskMeta(@Nullable String name, Map<String, String> tags) {
        this.name = name;
        this.tags = tags;
    }
}
