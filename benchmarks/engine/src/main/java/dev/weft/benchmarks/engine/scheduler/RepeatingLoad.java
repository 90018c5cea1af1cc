/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.scheduler;

import dev.weft.benchmarks.engine.peer.Workload.Background;
import java.util.concurrent.CountDownLatch;

/** Background tasks that go on for as long as they are wanted, and say when they have ended. */
final class RepeatingLoad implements Background {

    private final CountDownLatch running;
    private volatile boolean wanted = true;

    RepeatingLoad(int tasks) {
        running = new CountDownLatch(tasks);
    }

    boolean wanted() {
        return wanted;
    }

    /** Called once by each task, as the last thing it does. */
    void ended() {
        running.countDown();
    }

    @Override
    public void cancel() {
        wanted = false;
    }

    @Override
    public void awaitEnd() throws InterruptedException {
        running.await();
    }
}
