/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.blocking;

/** Starts a thread. Tests put one in that fails. */
@FunctionalInterface
interface ThreadStarter {

    /** Starts {@code thread}, or throws what {@link Thread#start()} throws when the system refuses. */
    void start(Thread thread);
}
