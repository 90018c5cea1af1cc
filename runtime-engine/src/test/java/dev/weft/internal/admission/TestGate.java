/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.admission;

import dev.weft.internal.blocking.TestHost;
import dev.weft.internal.context.ForeignContext;
import dev.weft.internal.task.TaskCell;
import dev.weft.task.WhenFull;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A gate under test; what it admits is scheduled, but runs only when the test says so. */
final class TestGate {

    static final Duration LONG = Duration.ofSeconds(30);

    final TestHost host = new TestHost();
    final Queue<TaskCell<?>> scheduled = new ConcurrentLinkedQueue<>();
    final AdmissionGate gate;

    TestGate(int maxConcurrentTasks, int queueCapacity, WhenFull whenFull, Duration waitTimeout) {
        var limits = new AdmissionLimits(maxConcurrentTasks, queueCapacity, whenFull, waitTimeout);
        this.gate = new AdmissionGate(host, limits, scheduled::add);
    }

    static TestGate of(int maxConcurrentTasks) {
        return new TestGate(maxConcurrentTasks, 0, WhenFull.REJECT, LONG);
    }

    /** One task holds the only permit, another one the only place in the queue. */
    static TestGate full(WhenFull whenFull, Duration waitTimeout) {
        var full = new TestGate(1, 1, whenFull, waitTimeout);
        full.admit(2);
        return full;
    }

    TaskCell<Integer> admit() {
        TaskCell<Integer> task = host.task(() -> 1);
        gate.admit(task);
        return task;
    }

    List<TaskCell<Integer>> admit(int tasks) {
        List<TaskCell<Integer>> admitted = new ArrayList<>();
        for (int i = 0; i < tasks; i++) {
            admitted.add(admit());
        }
        return admitted;
    }

    /** Runs the oldest scheduled task. */
    void runNext() {
        new ForeignContext(host).run(scheduled.remove());
    }

    void runAll() {
        while (!scheduled.isEmpty()) {
            runNext();
        }
    }

    List<TaskCell<?>> queued() {
        List<TaskCell<?>> tasks = new ArrayList<>();
        gate.forEachQueued(tasks::add);
        return tasks;
    }
}
