/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.scope;

import dev.weft.clock.TimeSource;
import dev.weft.concurrency.QuietHost;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The time of whoever waits for a child is up just as one completes: it takes it, or leaves it for the next take.
 *
 * <p>A waiter that nobody wakes would show as a run that does not end.
 */
@JCStressTest
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "Taken.")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "The time was up; the completion is there for the next take.")
@Outcome(expect = Expect.FORBIDDEN, desc = "The completion is lost, or is there twice.")
@State
public class DeadlineAgainstAddStress {

    private static final long DEADLINE = 10;

    private final Completions<Integer> completions = new Completions<>();
    private volatile long now;
    private volatile @Nullable Runnable alarm;

    private final QuietHost runtime = new QuietHost() {
        @Override
        public TimeSource clock() {
            return () -> now;
        }

        @Override
        public Alarm schedule(long deadlineNanos, Runnable wake) {
            alarm = wake;
            return () -> true;
        }
    };

    @Actor
    public void taker(II_Result result) {
        try {
            Integer taken = completions.take(runtime, DEADLINE);
            result.r1 = taken == null ? 0 : taken;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Actor
    public void clockAndAdder() {
        now = DEADLINE;
        Runnable wake = alarm;
        if (wake != null) {
            wake.run();
        }
        completions.add(1);
    }

    @Arbiter
    public void result(II_Result result) {
        Integer left = completions.poll();
        result.r2 = left == null ? 0 : left;
    }
}
