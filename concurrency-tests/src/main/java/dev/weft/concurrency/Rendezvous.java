/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.concurrency;

/**
 * The end of one actor's part, for the other actor to wait for.
 *
 * <p>An actor that an interrupt may still hit waits here before it returns, so that the next test starts clean.
 */
public final class Rendezvous {

    private volatile boolean over;

    /** This actor has done its part. */
    public void over() {
        over = true;
    }

    /** Returns whether the other actor has done its part. */
    public boolean isOver() {
        return over;
    }

    /** Waits until the other actor has done its part, which must not wait for this one. */
    public void await() {
        while (!over) {
            Thread.onSpinWait();
        }
    }
}
