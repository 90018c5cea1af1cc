/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.blocking;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobQueueTests {

    private final JobQueue queue = new JobQueue();
    private final Job first = job();
    private final Job second = job();
    private final Job third = job();

    @Test
    void givesJobsInTheOrderTheyCame() {
        fill();
        assertThat(queue.first()).isSameAs(first);
        assertThat(List.of(queue.poll(), queue.poll(), queue.poll())).containsExactly(first, second, third);
        assertThat(queue.poll()).isNull();
    }

    @Test
    void losesOnlyTheRemovedJob() {
        for (Job removed : List.of(first, second, third)) {
            fill();
            queue.remove(removed);
            List<Job> expected = new ArrayList<>(List.of(first, second, third));
            expected.remove(removed);
            assertThat(jobs()).isEqualTo(expected);
            assertThat(queue.size()).isEqualTo(2);
            while (queue.poll() != null) {
                continue;
            }
        }
    }

    @Test
    void isEmptyAfterTheOnlyJobWasRemoved() {
        queue.add(first);
        queue.remove(first);
        assertThat(queue.isEmpty()).isTrue();
        queue.add(second);
        assertThat(jobs()).containsExactly(second);
    }

    private void fill() {
        queue.add(first);
        queue.add(second);
        queue.add(third);
    }

    private List<Job> jobs() {
        List<Job> jobs = new ArrayList<>();
        queue.forEach(jobs::add);
        return jobs;
    }

    private static Job job() {
        return new Job(null, new TestHost().task(() -> null), 0);
    }
}
