/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.scheduler;

import dev.weft.clock.TimeSource;
import dev.weft.concurrency.QuietHost;
import java.util.concurrent.atomic.AtomicBoolean;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** A runner that is queued is taken out and run while it is woken: the run sees why, or it is queued again. */
@JCStressTest
@Outcome(id = "false, false", expect = Expect.FORBIDDEN, desc = "The wake counts as queued, and the run misses it.")
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "The wake came while it was queued; the run sees it.")
@Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "The wake queues it again.")
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "The run sees the wake, which queues it again.")
@State
public class WakeAgainstRunStress {

    private static final WorkerScheduler SCHEDULER = WorkerScheduler.start(new QuietHost(),
            new SchedulerConfig("stress", 1, 0, 0, TimeSource.system()));

    private final Runner runner = new Runner(SCHEDULER, false);

    /** Stands for the state of the JDK's thread, which a wake changes by a CAS. */
    private final AtomicBoolean woken = new AtomicBoolean();

    /** Has it queued. */
    public WakeAgainstRunStress() {
        runner.trySetQueued();
    }

    @Actor
    public void waker(ZZ_Result result) {
        woken.compareAndSet(false, true);
        result.r1 = runner.trySetQueued();
    }

    @Actor
    public void worker(ZZ_Result result) {
        runner.clearQueued();
        result.r2 = woken.get();
    }
}
