/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.scope;

import dev.weft.concurrency.Rendezvous;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The broken twin of {@link AddAgainstTakeStress}: a waiter says so without a fence before it looks. */
@JCStressTest
@Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "Each completion once, in order.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A completion is lost, or nobody is woken for it.")
@State
public class BrokenAddAgainstTakeStress {

    private static final VarHandle WAITS;

    static {
        try {
            WAITS = MethodHandles.lookup().findVarHandle(BrokenAddAgainstTakeStress.class, "waits", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ConcurrentLinkedQueue<Integer> done = new ConcurrentLinkedQueue<>();
    private final Rendezvous adderIsDone = new Rendezvous();

    @SuppressWarnings("unused") // accessed through WAITS
    private int waits;

    private volatile boolean unparked;

    @Actor
    public void adder() {
        add(1);
        add(2);
        adderIsDone.over();
    }

    private void add(int child) {
        done.add(child);
        if ((int) WAITS.getVolatile(this) == 1) {
            unparked = true;
        }
    }

    @Actor
    public void taker(II_Result result) {
        result.r1 = take();
        result.r2 = take();
    }

    /** 0 when nobody wakes it. */
    private int take() {
        WAITS.setOpaque(this, 1); // the fault: the look overtakes it
        Integer next;
        while ((next = done.poll()) == null) {
            if (!park()) {
                return 0;
            }
        }
        WAITS.setOpaque(this, 0);
        return next;
    }

    private boolean park() {
        for (;;) {
            boolean over = adderIsDone.isOver();
            if (unparked) {
                unparked = false;
                return true;
            }
            if (over) {
                return false;
            }
            Thread.onSpinWait();
        }
    }
}
