/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.blocking;

import dev.weft.concurrency.QuietHost;
import dev.weft.internal.task.TaskCell;
import dev.weft.task.WhenFull;
import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A queued job is aborted while somebody holds the pool's lock: one of the two frees its place. */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Only the other job is queued.")
@Outcome(expect = Expect.FORBIDDEN, desc = "The aborted job keeps its place.")
@State
public class AbortAgainstUnlockStress {

    private final QuietHost host = new QuietHost();
    private final BlockingPool pool = new BlockingPool(
            "stress",
            "stress-",
            host,
            new BlockingLimits(1, Duration.ZERO, 0, WhenFull.REJECT, Duration.ZERO),
            started -> {});
    private final TaskCell<?> job = host.task();

    /** Has one job wait for the thread that comes, and another one behind it. */
    public AbortAgainstUnlockStress() {
        pool.submit(host.task());
        pool.submit(job);
    }

    @Actor
    public void aborter() {
        job.abort("while it is queued");
    }

    @Actor
    public void holder() {
        pool.keepAlive(Duration.ZERO);
    }

    @Arbiter
    public void result(I_Result result) {
        result.r1 = pool.metrics().queued(); // read before the lock is free again, so this cleans up nothing
    }
}
