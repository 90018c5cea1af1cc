/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.weft.internal.context.ForeignContext;
import dev.weft.internal.task.TaskCell;
import dev.weft.task.WhenFull;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random steps on the gate and on a model of it that is too simple to be wrong. */
@Timeout(60)
class AdmissionGatePropertyTests {

    private final Deque<TaskCell<?>> queue = new ArrayDeque<>();
    private final List<TaskCell<?>> permits = new ArrayList<>();
    private int max;
    private int capacity;

    static List<Integer> seeds() {
        List<Integer> seeds = new ArrayList<>();
        for (int seed = 0; seed < 200; seed++) {
            seeds.add(seed);
        }
        return seeds;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void gateDoesWhatTheModelDoes(int seed) {
        var random = new Random(seed);
        max = 1 + random.nextInt(4);
        capacity = random.nextInt(5);
        var test = new TestGate(max, capacity, WhenFull.REJECT, TestGate.LONG);
        for (int step = 0; step < 500; step++) {
            step(test, random);
            handOver();
            assertThat(test.gate.metrics().running()).isEqualTo(permits.size());
            assertThat(test.queued()).containsExactlyElementsOf(queue);
            test.scheduled.removeIf(TaskCell::isDone);
            assertThat(test.scheduled).containsExactlyElementsOf(permits);
        }
        test.runAll();
        assertThat(test.gate.metrics().running()).isZero();
        assertThat(test.gate.isEmpty()).isTrue();
    }

    private void step(TestGate test, Random random) {
        switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> admit(test, random.nextInt(20) == 0);
            case 4, 5 -> end(test, random);
            case 6 -> {
                if (!queue.isEmpty()) {
                    TaskCell<?> any = List.copyOf(queue).get(random.nextInt(queue.size()));
                    any.abort("queued");
                    queue.remove(any);
                }
            }
            case 7 -> {
                if (!queue.isEmpty()) { // somebody else runs it from start to end
                    TaskCell<?> any = List.copyOf(queue).get(random.nextInt(queue.size()));
                    new ForeignContext(test.host).run(any);
                    queue.remove(any);
                }
            }
            case 8 -> {
                max = random.nextInt(6);
                test.gate.maxConcurrentTasks(max);
            }
            default -> {
                capacity = random.nextInt(6);
                test.gate.queueCapacity(capacity);
            }
        }
    }

    private void admit(TestGate test, boolean dead) {
        TaskCell<?> task = test.host.task(() -> null);
        if (dead) {
            task.abort("before it came");
        }
        boolean permit = max == 0 || permits.size() < max;
        boolean room = capacity == 0 || queue.size() < capacity;
        Throwable thrown = catchThrowable(() -> test.gate.admit(task));
        if (permit || room) {
            assertThat(thrown).isNull();
            if (!dead) {
                (permit ? permits : queue).add(task);
            }
        } else {
            assertThat(thrown).isInstanceOf(RejectedExecutionException.class);
        }
    }

    private void end(TestGate test, Random random) {
        if (permits.isEmpty()) {
            return;
        }
        TaskCell<?> task = permits.remove(random.nextInt(permits.size()));
        if (random.nextInt(3) == 0) {
            task.abort("with a permit");
        } else {
            new ForeignContext(test.host).run(task);
        }
    }

    private void handOver() {
        while (!queue.isEmpty() && (max == 0 || permits.size() < max)) {
            permits.add(queue.remove());
        }
    }
}
