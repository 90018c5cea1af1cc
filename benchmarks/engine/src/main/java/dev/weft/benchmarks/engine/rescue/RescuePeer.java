/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.rescue;

import java.time.Duration;

/** One runtime with two workers, as far as an {@link Episode} needs it. */
interface RescuePeer extends AutoCloseable {

    int WORKERS = 2;

    /** What a task does. */
    @FunctionalInterface
    interface Body {
        void run() throws Exception;
    }

    /** Starts a task from a thread outside the runtime. */
    void spawn(Body body);

    /** Suspends the calling task, by the runtime's timers. */
    void sleep(Duration time) throws InterruptedException;

    @Override
    void close();
}
