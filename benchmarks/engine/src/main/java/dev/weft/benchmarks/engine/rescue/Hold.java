/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.rescue;

import dev.weft.benchmarks.engine.peer.Posix;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/** Keeps tasks on their threads without letting them suspend, until it is released. Thread-safe. */
abstract class Hold {

    private static final int SLEEP_MICROS = 100_000;

    private final CountDownLatch release = new CountDownLatch(1);

    /** Holds the calling thread, which first says that it is held. */
    abstract void enter(Runnable held) throws Exception;

    final boolean isReleased() {
        return release.getCount() == 0;
    }

    final void awaitRelease() throws InterruptedException {
        release.await();
    }

    final void release() {
        release.countDown();
    }

    /** A C function that sleeps; one call outlasts a rescue. */
    static Hold inNativeSleep() {
        return new Hold() {
            @Override
            void enter(Runnable held) {
                held.run();
                while (!isReleased()) {
                    Posix.sleep(SLEEP_MICROS);
                }
            }
        };
    }

    /** A class initialiser that waits for something; each thread has a class of its own. */
    static Hold inClassInitialiser() {
        Queue<Class<?>> classes = new ConcurrentLinkedQueue<>(); // loaded before the clock runs
        for (int i = 0; i < Episode.HELD_TASKS; i++) {
            classes.add(SlowClass.load());
        }
        return new Hold() {
            @Override
            void enter(Runnable held) throws Exception {
                SlowClass.initialise(classes.remove(), () -> {
                    held.run();
                    awaitRelease();
                });
            }
        };
    }

    /** A loop that computes. */
    static Hold inCpuLoop() {
        return new Hold() {
            @Override
            void enter(Runnable held) {
                held.run();
                while (!isReleased()) {
                    Thread.onSpinWait();
                }
            }
        };
    }
}
