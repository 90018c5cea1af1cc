/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.scope;

import static dev.weft.concurrency.Shared.shared;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two children complete while somebody waits for both: each is handed out once.
 *
 * <p>In Lincheck a park may end at any time, so whether the waiter is woken is for jcstress to see.
 */
@Timeout(300)
class CompletionsLincheckTests {

    @Test
    void eachCompletionIsTakenOnce() {
        Lincheck.runConcurrentTest(1_000, () -> {
            Completions<Integer> completions = shared(new Completions<>());
            race(completions::add, completions::take);
        });
    }

    @Test
    void brokenTwinLosesACompletion() {
        assertThatThrownBy(() -> Lincheck.runConcurrentTest(1_000, () -> {
            BrokenCompletions completions = shared(new BrokenCompletions());
            race(completions::add, completions::take);
        })).isInstanceOf(LincheckAssertionError.class).hasMessageContaining("hung");
    }

    private static void race(Consumer<Integer> add, Callable<Integer> take) {
        Thread first = new Thread(() -> add.accept(1));
        Thread second = new Thread(() -> add.accept(2));
        first.start();
        second.start();
        try {
            int sum = take.call() + take.call();
            if (sum != 3) {
                throw new IllegalStateException("not each of 1 and 2 once, but together " + sum);
            }
            first.join();
            second.join();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** A copy of {@link Completions} whose list only one thread at a time may add to. */
    private static final class BrokenCompletions {

        private record Done(int child, @Nullable Done before) {
        }

        private final AtomicReference<@Nullable Done> newest = new AtomicReference<>();
        private volatile @Nullable Thread waiter;

        void add(int child) {
            newest.set(new Done(child, newest.get())); // the fault: another one may have come in between
            LockSupport.unpark(waiter);
        }

        int take() {
            waiter = Thread.currentThread();
            for (;;) {
                Done done = newest.get();
                if (done == null) {
                    LockSupport.park(this);
                } else if (newest.compareAndSet(done, done.before())) {
                    return done.child();
                }
            }
        }
    }
}
