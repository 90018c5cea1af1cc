/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The one thread of a runtime that is no daemon: it exists while something lives, and so keeps the JVM from exiting.
 * All other threads of Weft are daemons. Thread-safe.
 */
final class Keeper {

    /*
     * Work from outside starts the thread when there is none; work from inside cannot be the first. The thread looks,
     * at growing intervals, whether anything lives, and ends when nothing does. It takes its own reference away before
     * its last look: whoever brings work later sees that there is no thread, and whoever came before is seen.
     */

    private static final long SHORTEST_NANOS = 20_000_000;
    private static final long LONGEST_NANOS = 250_000_000;

    private final String prefix;
    private final KeepAlive keepAlive;
    private final BooleanSupplier lives;
    private final Object lock = new Object();

    private volatile @Nullable Thread thread; // written under the lock
    private volatile boolean released;

    Keeper(String prefix, KeepAlive keepAlive, BooleanSupplier lives) {
        this.prefix = prefix;
        this.keepAlive = keepAlive;
        this.lives = lives;
        this.released = keepAlive == KeepAlive.NEVER;
        if (keepAlive == KeepAlive.ALWAYS) {
            startThread();
        }
    }

    /** Something was submitted; after it can be seen to live. */
    void workCame() {
        if (thread == null && !released) {
            startThread();
        }
    }

    /** The runtime is closed. */
    void release() {
        released = true;
        LockSupport.unpark(thread);
    }

    private void startThread() {
        synchronized (lock) {
            if (thread == null && !released) {
                Thread made = Thread.ofPlatform()
                        .daemon(false)
                        .name(prefix + "-keep-alive")
                        .inheritInheritableThreadLocals(false)
                        .unstarted(this::keep);
                made.setContextClassLoader(null);
                thread = made;
                boolean started = false;
                try {
                    made.start();
                    started = true;
                } finally {
                    if (!started) {
                        thread = null; // out of native threads; the next submission tries again
                    }
                }
            }
        }
    }

    private void keep() {
        long nanos = SHORTEST_NANOS;
        while (!released) {
            LockSupport.parkNanos(this, nanos);
            if (keepAlive == KeepAlive.WHILE_TASKS_LIVE && !lives.getAsBoolean() && tryEnd()) {
                return;
            }
            nanos = keepAlive == KeepAlive.ALWAYS ? Long.MAX_VALUE : Math.min(LONGEST_NANOS, nanos + nanos / 2);
        }
    }

    private boolean tryEnd() {
        synchronized (lock) {
            Thread me = thread;
            thread = null;
            if (lives.getAsBoolean()) {
                thread = me;
                return false;
            }
            return true;
        }
    }
}
