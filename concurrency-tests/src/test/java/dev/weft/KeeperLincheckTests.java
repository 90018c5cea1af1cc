/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import static dev.weft.concurrency.Shared.shared;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The thread that keeps the JVM alive ends while work comes: as long as that lives, there is such a thread. */
@Timeout(300)
class KeeperLincheckTests {

    @Test
    void workThatCameAsTheThreadEndedIsKept() {
        Lincheck.runConcurrentTest(1_000, () -> {
            AtomicInteger live = shared(new AtomicInteger());
            Keeper keeper = shared(new Keeper("test", KeepAlive.WHILE_TASKS_LIVE, () -> live.get() > 0));
            live.incrementAndGet();
            keeper.workCame();
            live.decrementAndGet();
            live.incrementAndGet();
            keeper.workCame();
            awaitThread(keeper);
            live.decrementAndGet();
        });
    }

    @Test
    void brokenTwinAnnouncesWorkBeforeItLives() {
        assertThatThrownBy(() -> Lincheck.runConcurrentTest(1_000, () -> {
            AtomicInteger live = shared(new AtomicInteger());
            Keeper keeper = shared(new Keeper("test", KeepAlive.WHILE_TASKS_LIVE, () -> live.get() > 0));
            live.incrementAndGet();
            keeper.workCame();
            live.decrementAndGet();
            keeper.workCame(); // the fault: the thread may end before the work is there to be seen
            live.incrementAndGet();
            awaitThread(keeper);
            live.decrementAndGet();
        })).isInstanceOf(LincheckAssertionError.class).hasMessageContaining("hung");
    }

    private static final VarHandle THREAD = threadOfKeeper();

    /** The thread is gone for a moment each time it looks whether it may end. */
    private static void awaitThread(Keeper keeper) {
        while (THREAD.getVolatile(keeper) == null) {
            Thread.onSpinWait();
        }
    }

    private static VarHandle threadOfKeeper() {
        try {
            return MethodHandles.privateLookupIn(Keeper.class, MethodHandles.lookup())
                    .findVarHandle(Keeper.class, "thread", Thread.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
