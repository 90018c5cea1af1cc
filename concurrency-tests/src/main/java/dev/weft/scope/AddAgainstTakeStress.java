/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.scope;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Children complete while somebody waits for them.
 *
 * <p>A waiter that nobody wakes would show as a run that does not end.
 */
@JCStressTest
@Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "Each completion once, in order.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A completion is lost, or nobody is woken for it.")
@State
public class AddAgainstTakeStress {

    private final Completions<Integer> completions = new Completions<>();

    @Actor
    public void adder() {
        completions.add(1);
        completions.add(2);
    }

    @Actor
    public void taker(II_Result result) {
        try {
            result.r1 = completions.take();
            result.r2 = completions.take();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
