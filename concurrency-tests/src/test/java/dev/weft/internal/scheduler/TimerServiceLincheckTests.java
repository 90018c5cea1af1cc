/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.scheduler;

import static dev.weft.concurrency.Shared.shared;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The thread of a timer service ends for want of timers while somebody registers one: it fires nevertheless. */
@Timeout(300)
class TimerServiceLincheckTests {

    private static final long AN_IDLE_TIME = 11_000_000_000L;

    @Test
    void timerFiresThatWasRegisteredAsTheThreadEnded() {
        Lincheck.runConcurrentTest(1_000, () -> {
            AtomicLong clock = new AtomicLong();
            TimerService service = shared(new TimerService(() -> clock.addAndGet(AN_IDLE_TIME)));
            AtomicInteger fired = shared(new AtomicInteger());
            service.register(new WakeTimer(0, fired::incrementAndGet));
            service.register(new WakeTimer(0, fired::incrementAndGet));
            awaitTwo(fired);
        });
    }

    @Test
    void brokenTwinEndsUnderARegistration() {
        assertThatThrownBy(() -> Lincheck.runConcurrentTest(1_000, () -> {
            BrokenService service = shared(new BrokenService());
            service.register();
            service.register();
            awaitTwo(service.fired);
        })).isInstanceOf(LincheckAssertionError.class).hasMessageContaining("hung");
    }

    private static void awaitTwo(AtomicInteger fired) {
        while (fired.get() < 2) {
            Thread.onSpinWait();
        }
    }

    /** A copy of {@link TimerService} whose mail is a number and whose timers are due. */
    private static final class BrokenService {

        final AtomicInteger fired = new AtomicInteger();
        private final AtomicInteger mail = new AtomicInteger();
        private final Object lock = new Object();
        private volatile @Nullable Thread thread;

        void register() {
            mail.incrementAndGet();
            if (thread == null) {
                startThread();
            }
        }

        private void startThread() {
            synchronized (lock) {
                if (thread == null) {
                    Thread made = Thread.ofPlatform().daemon().unstarted(this::drive);
                    thread = made;
                    made.start();
                }
            }
        }

        private void drive() {
            do {
                fired.addAndGet(mail.getAndSet(0));
            } while (!tryEnd());
        }

        private boolean tryEnd() {
            synchronized (lock) {
                if (mail.get() != 0) {
                    return false;
                }
                thread = null; // the fault: after the look at the mail
                return true;
            }
        }
    }
}
