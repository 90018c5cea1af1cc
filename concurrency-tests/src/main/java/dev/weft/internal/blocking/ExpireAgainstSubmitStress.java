/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.blocking;

import dev.weft.concurrency.QuietHost;
import dev.weft.task.WhenFull;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * A pool's only thread ends its job, finds nothing to do and leaves, while somebody submits: the job has a thread.
 *
 * <p>The pool's threads are never really started; an actor does what one would do.
 */
@JCStressTest
@Outcome(id = "1, 0, 1", expect = Expect.ACCEPTABLE, desc = "The thread found the job, or was called back.")
@Outcome(id = "1, 0, 2", expect = Expect.ACCEPTABLE, desc = "The thread found the job meant for a second thread.")
@Outcome(id = "0, 1, 1", expect = Expect.ACCEPTABLE, desc = "The thread left and another one comes for the job.")
@Outcome(expect = Expect.FORBIDDEN, desc = "The job is lost, or nobody comes for it.")
@State
public class ExpireAgainstSubmitStress {

    private final QuietHost host = new QuietHost();
    private final List<Thread> started = new ArrayList<>();
    private final BlockingPool pool = new BlockingPool(
            "stress",
            "stress-",
            host,
            new BlockingLimits(2, Duration.ZERO, 0, WhenFull.REJECT, Duration.ZERO),
            started::add);
    private final PoolThread first;

    /** Has the first thread busy with a job. */
    public ExpireAgainstSubmitStress() {
        pool.submit(host.task());
        first = (PoolThread) started.getFirst();
        pool.next(first, false);
    }

    @Actor
    public void thread(III_Result result) {
        result.r1 = pool.next(first, true) == null ? 0 : 1;
    }

    @Actor
    public void submitter() {
        pool.submit(host.task());
    }

    @Arbiter
    public void result(III_Result result) {
        result.r2 = pool.metrics().queued();
        result.r3 = pool.metrics().threads();
    }
}
