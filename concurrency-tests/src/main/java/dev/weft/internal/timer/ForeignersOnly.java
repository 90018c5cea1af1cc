/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.timer;

/**
 * A guard with which every guarded call comes from a foreign thread, so that it goes through the mailbox. The owner of
 * such a driver is whoever the test lets call {@code advance}.
 */
final class ForeignersOnly implements OwnerGuard {

    @Override
    public boolean tryEnter() {
        return false;
    }

    @Override
    public void exit() {
        throw new IllegalStateException("Nobody entered");
    }
}
