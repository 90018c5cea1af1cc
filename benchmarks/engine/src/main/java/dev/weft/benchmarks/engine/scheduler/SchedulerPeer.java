/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.scheduler;

import dev.weft.benchmarks.engine.peer.Workload.Background;
import java.util.List;

/**
 * One runtime's way to express the shapes. Each method is one iteration, called from the bench thread, which is a
 * platform thread outside the runtime, and returns when everything it started has ended.
 *
 * <p>A shape that a runtime cannot express without changing what is measured throws
 * {@link UnsupportedOperationException} with the reason.
 *
 * @param <H> what spawning returns and joining takes
 */
public interface SchedulerPeer<H> extends AutoCloseable {

    int WORKERS = 2;

    /** A task spawns its successor, {@code length} times; the last one signals the bench thread. */
    void chainedSpawn(int length) throws Exception;

    /** The root of the runtime's {@code blockOn} spawns tasks that count down; the last one signals the root. */
    void spawnManyLocal(int tasks) throws Exception;

    /** Spawns a task that does nothing, from a thread outside the runtime. */
    H spawnEmpty();

    /** Waits, in the root of {@code blockOn}, for each task in turn. */
    void joinAll(List<H> handles) throws Exception;

    /** Twice as many tasks as workers, each of which yields and stalls its worker, over and over. */
    Background keepBusyYielding();

    /** As many chains as workers, each task of which stalls its worker and spawns its successor. */
    Background keepBusySpawning();

    /**
     * One task spawns all the others; each makes two one-shot channels and a partner, sends on one, and awaits the
     * partner's answer on the other. The last one signals the bench thread.
     */
    void pingPong(int exchanges) throws Exception;

    /** Spawns tasks from outside, which yield so many times and then signal the bench thread. */
    void yieldMany(int tasks, int yields) throws Exception;

    /** The root spawns tasks that yield once and return 2, and then joins them. */
    void spawnAndJoin(int tasks) throws Exception;

    /** The root spawns tasks, each of which has batches of blocking jobs, joining each batch before the next. */
    void spawnBlocking(int tasks, int batches, int batch) throws Exception;

    /** One task inside the runtime has {@code children / width} times {@code width} children, and adds their results. */
    void fanOutJoin(int children, int width) throws Exception;

    @Override
    void close();

    /** What {@code width} children of a fan-out, which return their index, add up to. */
    static void checkSum(long sum, int width) {
        if (sum != (long) width * (width - 1) / 2) {
            throw new IllegalStateException(width + " children add up to " + sum);
        }
    }

    /** What a task returns that yields once. */
    static void checkYielded(int value) {
        if (value != 2) {
            throw new IllegalStateException("expected 2, got " + value);
        }
    }
}
