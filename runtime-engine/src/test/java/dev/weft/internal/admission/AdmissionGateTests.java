/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.internal.context.ForeignContext;
import dev.weft.internal.task.TaskCell;
import dev.weft.task.WhenFull;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AdmissionGateTests {

    private final TestGate test = TestGate.of(2);
    private final AdmissionGate gate = test.gate;

    @Test
    void schedulesAsManyTasksAsThereArePermits() {
        List<TaskCell<Integer>> tasks = test.admit(5);
        assertThat(test.scheduled).containsExactlyElementsOf(tasks.subList(0, 2));
        assertThat(gate.metrics().running()).isEqualTo(2);
        assertThat(gate.metrics().queued()).isEqualTo(3);
        assertThat(test.queued()).containsExactlyElementsOf(tasks.subList(2, 5));
        assertThat(gate.isEmpty()).isFalse();
    }

    @Test
    void endOfATaskAdmitsTheOldestQueuedOne() {
        List<TaskCell<Integer>> tasks = test.admit(4);
        test.runNext();
        assertThat(test.scheduled).containsExactlyElementsOf(tasks.subList(1, 3));
        test.runNext();
        test.runNext();
        assertThat(test.scheduled).containsExactly(tasks.get(3));
        test.runNext();
        assertThat(tasks).allMatch(TaskCell::hasValue);
        assertThat(gate.metrics().running()).isZero();
        assertThat(gate.isEmpty()).isTrue();
    }

    @Test
    void failedTaskReturnsItsPermit() {
        gate.maxConcurrentTasks(1);
        gate.admit(test.host.task(() -> {
            throw new IllegalStateException();
        }));
        TaskCell<?> next = test.admit();
        test.runNext();
        assertThat(test.scheduled).containsExactly(next);
    }

    @Test
    void taskThatIsAbortedAfterItWasScheduledReturnsItsPermit() {
        List<TaskCell<Integer>> tasks = test.admit(3);
        tasks.get(0).abort("scheduled, not running");
        assertThat(test.scheduled).containsExactlyElementsOf(tasks);
        assertThat(gate.metrics().running()).isEqualTo(2);
    }

    @Test
    void abortedQueuedTaskFreesItsPlaceAndIsNeverScheduled() {
        var bounded = new TestGate(1, 2, WhenFull.REJECT, TestGate.LONG);
        List<TaskCell<Integer>> tasks = bounded.admit(3);
        for (int i = 0; i < 100; i++) {
            assertThatThrownBy(bounded::admit).isInstanceOf(RejectedExecutionException.class);
            tasks.get(1).abort("while it was queued");
            assertThat(bounded.gate.metrics().queued()).isEqualTo(1);
            tasks.set(1, bounded.admit());
        }
        bounded.runNext();
        assertThat(bounded.scheduled).containsExactly(tasks.get(2));
        assertThat(bounded.gate.metrics().running()).isEqualTo(1);
    }

    @Test
    void taskThatWasAbortedBeforeItCameTakesNeitherPermitNorPlace() {
        TaskCell<?> dead = test.host.task(() -> null);
        dead.abort("too soon");
        gate.admit(dead);
        assertThat(test.scheduled).isEmpty();
        assertThat(gate.metrics().running()).isZero();

        test.admit(2);
        gate.admit(dead);
        assertThat(gate.isEmpty()).isTrue();
    }

    @Test
    void queuedTaskThatSomebodyElseRunsTakesNoPermitWhenItsTurnComes() {
        gate.maxConcurrentTasks(1);
        test.admit();
        TaskCell<?> claimed = test.host.task(() -> {
            test.runNext(); // gives the permit back while this one runs here
            return null;
        });
        gate.admit(claimed);
        TaskCell<?> next = test.admit();
        new ForeignContext(test.host).run(claimed);
        assertThat(claimed.hasValue()).isTrue();
        assertThat(test.scheduled).containsExactly(next);
        test.runAll();
        assertThat(gate.metrics().running()).isZero();
        assertThat(gate.isEmpty()).isTrue();
    }

    // ---- limits ----------------------------------------------------------------------------------------------------

    @Test
    void isOpenWithoutALimitOnly() {
        assertThat(gate.isOpen()).isFalse();
        gate.maxConcurrentTasks(0);
        assertThat(gate.isOpen()).isTrue();
        gate.maxConcurrentTasks(1);
        assertThat(gate.isOpen()).isFalse();
        assertThat(TestGate.of(0).gate.isOpen()).isTrue();
    }

    @Test
    void openGateAdmitsWhoeverComesAllTheSame() {
        gate.maxConcurrentTasks(0);
        assertThat(test.scheduled).isEmpty();
        assertThat(test.admit(100)).hasSize(100);
        assertThat(test.scheduled).hasSize(100);
    }

    @Test
    void raisedLimitAdmitsQueuedTasksAtOnceInOrder() {
        List<TaskCell<Integer>> tasks = test.admit(10);
        gate.maxConcurrentTasks(5);
        assertThat(test.scheduled).containsExactlyElementsOf(tasks.subList(0, 5));
        gate.maxConcurrentTasks(0);
        assertThat(test.scheduled).containsExactlyElementsOf(tasks);
        assertThat(gate.isOpen()).isTrue();
    }

    @Test
    void loweredLimitAdmitsNothingUntilEnoughTasksHaveEnded() {
        gate.maxConcurrentTasks(5);
        test.admit(7);
        gate.maxConcurrentTasks(2);
        test.runNext();
        test.runNext();
        test.runNext();
        assertThat(test.scheduled).hasSize(2);
        assertThat(gate.metrics().running()).isEqualTo(2);
        test.runNext();
        assertThat(test.scheduled).hasSize(2);
        assertThat(gate.metrics().queued()).isEqualTo(1);
    }

    @Test
    void permitsOfALimitedTimeCountWhenTheLimitComesBack() {
        test.admit(2);
        gate.maxConcurrentTasks(0);
        gate.maxConcurrentTasks(2);
        TaskCell<?> third = test.admit();
        assertThat(test.scheduled).doesNotContain(third);
        test.runNext();
        assertThat(test.scheduled).contains(third);
    }

    @Test
    void smallerCapacityKeepsWhatIsQueued() {
        test.admit(6);
        gate.queueCapacity(1);
        assertThat(gate.metrics().queued()).isEqualTo(4);
        assertThatThrownBy(test::admit).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void badValuesChangeNothing() {
        AdmissionLimits before = gate.limits();
        assertThatIllegalArgumentException().isThrownBy(() -> gate.maxConcurrentTasks(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> gate.queueCapacity(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> gate.waitTimeout(Duration.ofSeconds(-1)));
        assertThat(gate.limits()).isEqualTo(before);
    }

    @Test
    void metricsTellTheLimits() {
        var metrics = TestGate.full(WhenFull.CALLER_RUNS, Duration.ofSeconds(3)).gate.metrics();
        assertThat(metrics.maxConcurrentTasks()).isEqualTo(1);
        assertThat(metrics.queueCapacity()).isEqualTo(1);
        assertThat(metrics.waitTimeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(metrics.whenFull()).isEqualTo("caller-runs");
    }

    // ---- close -----------------------------------------------------------------------------------------------------

    @Test
    void closeAbortsQueuedTasksAndLeavesAdmittedOnesAlone() {
        List<TaskCell<Integer>> tasks = test.admit(5);
        gate.close("the end");
        assertThat(tasks.subList(2, 5))
                .allMatch(TaskCell::isCancelled)
                .allMatch(task -> task.abortReason().equals("the end"));
        test.runAll();
        assertThat(tasks.subList(0, 2)).allMatch(TaskCell::hasValue);
        assertThat(gate.metrics().running()).isZero();
        assertThat(gate.isEmpty()).isTrue();
    }

    @Test
    void closedGateAdmitsNothing() {
        gate.close("the end");
        assertThatThrownBy(test::admit)
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("closed");
        gate.maxConcurrentTasks(0);
        assertThat(gate.isOpen()).isFalse();
        assertThatThrownBy(test::admit).isInstanceOf(RejectedExecutionException.class);
        assertThat(gate.metrics().rejected()).isEqualTo(2);
    }
}
