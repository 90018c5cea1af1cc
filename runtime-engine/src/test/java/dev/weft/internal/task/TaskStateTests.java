/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TaskStateTests {

    @Test
    void bitsDoNotOverlap() {
        int[] parts = {
            TaskState.LIFECYCLE_MASK,
            TaskState.OUTCOME_MASK,
            TaskState.ABORT,
            TaskState.DELIVERING,
            TaskState.WAITER,
            TaskState.INLINE,
            TaskState.FLAGS_MASK,
            TaskState.OBSERVED
        };

        int together = IntStream.of(parts).reduce(0, (a, b) -> a | b);

        assertThat(IntStream.of(parts).map(Integer::bitCount).sum()).isEqualTo(Integer.bitCount(together));
        assertThat(Integer.bitCount(TaskState.FLAGS_MASK)).isEqualTo(5);
    }

    @Test
    void lifecycleChangesNothingElse() {
        int others = TaskState.ABORT | TaskState.DELIVERING | TaskState.WAITER | TaskState.INLINE | TaskState.FLAGS_MASK
                | TaskState.OBSERVED;

        int started = TaskState.started(TaskState.QUEUED | others);
        int failed = TaskState.completed(started, TaskState.FAILED);

        assertThat(TaskState.isRunning(started)).isTrue();
        assertThat(TaskState.isComplete(failed)).isTrue();
        assertThat(TaskState.outcome(failed)).isEqualTo(TaskState.FAILED);
        assertThat(started & others).isEqualTo(others);
        assertThat(failed & others).isEqualTo(others);
    }
}
