/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.rescue;

import dev.weft.benchmarks.engine.rescue.RescuePeer.Body;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Tasks hold every worker; something else has to be done meanwhile. Used once. */
final class Episode {

    /** Twice the workers, so that whoever comes to help is held as well. */
    static final int HELD_TASKS = 2 * RescuePeer.WORKERS;

    private static final Duration TIMER = Duration.ofMillis(2);
    private static final long LIMIT_SECONDS = 2;

    private final RescuePeer peer;

    private final AtomicInteger entered = new AtomicInteger();
    private final CountDownLatch workersHeld = new CountDownLatch(1);
    private final CountDownLatch armed = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);

    // each published by a latch
    private long heldSince;
    private long timerDue;
    private long doneAt;

    Episode(RescuePeer peer) {
        this.peer = peer;
    }

    /** Returns how long a task that comes from outside waits until it runs, on a runtime that has nothing else to do. */
    long calmSpawn() throws InterruptedException {
        long start = System.nanoTime();
        peer.spawn(this::done);
        awaitDone();
        return doneAt - start;
    }

    /** Returns how late a timer is, on a runtime that has nothing else to do. */
    long calmTimer() throws InterruptedException {
        peer.spawn(this::sleepAndBeDone);
        awaitDone();
        return doneAt - timerDue;
    }

    /** Returns how long after the last worker was held a task runs that comes from outside just then. */
    long spawnBeside(Hold hold) throws InterruptedException {
        return beside(hold, () -> {
            peer.spawn(this::done);
            awaitDone();
            return doneAt - heldSince;
        });
    }

    /**
     * Returns how long a task goes on sleeping after its time has come and the last worker is held. Negative when the
     * workers were not held in time; then this has measured nothing.
     */
    long timerBeside(Hold hold) throws InterruptedException {
        peer.spawn(this::sleepAndBeDone);
        await(armed, "does not even begin to sleep");
        return beside(hold, () -> {
            awaitDone();
            return doneAt - Math.max(heldSince, timerDue);
        });
    }

    private long beside(Hold hold, Measurement measurement) throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(HELD_TASKS);
        Body held = () -> {
            try {
                hold.enter(this::enter);
            } finally {
                ended.countDown();
            }
        };
        for (int i = 0; i < HELD_TASKS; i++) {
            peer.spawn(held);
        }
        try {
            await(workersHeld, "the workers can't be held");
            return measurement.take();
        } finally {
            hold.release();
            await(ended, "stays held after the release");
        }
    }

    private void enter() {
        if (entered.incrementAndGet() == RescuePeer.WORKERS) {
            heldSince = System.nanoTime();
            workersHeld.countDown();
        }
    }

    private void sleepAndBeDone() throws InterruptedException {
        timerDue = System.nanoTime() + TIMER.toNanos();
        armed.countDown();
        peer.sleep(TIMER);
        done();
    }

    private void done() {
        doneAt = System.nanoTime();
        done.countDown();
    }

    private void awaitDone() throws InterruptedException {
        await(done, "starves: nothing done");
    }

    private static void await(CountDownLatch latch, String otherwise) throws InterruptedException {
        if (!latch.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new UnsupportedOperationException(otherwise + " within " + LIMIT_SECONDS + " s");
        }
    }

    private interface Measurement {
        long take() throws InterruptedException;
    }
}
