/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.scheduler;

import dev.weft.clock.TimeSource;
import dev.weft.internal.timer.OwnerGuard;
import dev.weft.internal.timer.TimerDriver;
import dev.weft.internal.timer.TimerEntry;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A timer driver with a thread of its own, for where no worker can drive it: shared mode, and what is left of closed
 * runtimes. Thread-safe. The thread comes with the first timer and goes when there has been none for a while.
 */
final class TimerService {

    private static final TimerService SYSTEM = new TimerService(TimeSource.system());

    private static final long IDLE_NANOS = 1_000_000_000L;

    /** A cancel wakes nobody, so this is how long a cancelled timer may keep what it was to wake. */
    private static final long LONGEST_PARK_NANOS = 1_000_000_000L;

    private final TimeSource clock;
    private final TimerDriver driver;
    private final Object lock = new Object();

    /** The owner. Written under the lock. */
    private volatile @Nullable Thread thread;

    TimerService(TimeSource clock) {
        this.clock = clock;
        this.driver = new TimerDriver(clock, new OwnerGuard() {
            @Override
            public boolean tryEnter() {
                return Thread.currentThread() == thread;
            }

            @Override
            public void exit() {}
        });
    }

    /** Returns the one that goes by the machine's clock; all runtimes of a JVM share it. */
    static TimerService system() {
        return SYSTEM;
    }

    static TimerService of(TimeSource clock) {
        return clock == TimeSource.system() ? SYSTEM : new TimerService(clock);
    }

    void register(TimerEntry timer) {
        if (!driver.register(timer)) {
            LockSupport.unpark(thread);
        }
        if (thread == null) {
            startThread();
        }
    }

    private void startThread() {
        synchronized (lock) {
            if (thread == null) {
                Thread made = Thread.ofPlatform()
                        .daemon()
                        .name("weft-timer")
                        .inheritInheritableThreadLocals(false) // it outlives the application that happens to start it
                        .unstarted(this::drive);
                made.setContextClassLoader(null);
                thread = made;
                made.start();
            }
        }
    }

    private void drive() {
        long idleSince = clock.nanoTime();
        for (;;) {
            driver.advance(clock.nanoTime(), Integer.MAX_VALUE);
            long deadline = driver.nextDeadlineNanos();
            if (driver.hasMail()) {
                continue;
            }
            long now = clock.nanoTime();
            if (deadline != Long.MAX_VALUE) {
                idleSince = now;
                LockSupport.parkNanos(this, Math.clamp(deadline - now, 1, LONGEST_PARK_NANOS));
            } else if (now - idleSince < IDLE_NANOS) {
                LockSupport.parkNanos(this, IDLE_NANOS);
            } else if (tryEnd()) {
                return;
            }
        }
    }

    private boolean tryEnd() {
        synchronized (lock) {
            Thread me = thread;
            thread = null; // before the look at the mail: whoever mails later sees it and starts another
            if (driver.hasMail()) {
                thread = me;
                return false;
            }
            return true;
        }
    }

    TimerDriver driver() {
        return driver;
    }
}
