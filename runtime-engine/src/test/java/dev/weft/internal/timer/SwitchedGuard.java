/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.timer;

/** An owner guard for tests on one thread: the test says whether it is the owner. */
final class SwitchedGuard implements OwnerGuard {

    boolean owned = true;
    private int depth;

    @Override
    public boolean tryEnter() {
        if (owned) {
            depth++;
        }
        return owned;
    }

    @Override
    public void exit() {
        depth--;
    }

    boolean isBalanced() {
        return depth == 0;
    }

    /** Runs an action as another thread would. */
    void asForeigner(Runnable action) {
        owned = false;
        try {
            action.run();
        } finally {
            owned = true;
        }
    }
}
