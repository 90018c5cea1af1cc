/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.concurrent;

import org.jspecify.annotations.Nullable;

/** A node that is known by its number. */
final class NumberedNode extends QueueNode {

    final int number;

    NumberedNode(int number) {
        this.number = number;
    }

    static int numberOf(QueueNode node) {
        return ((NumberedNode) node).number;
    }

    static int numberOrZero(@Nullable QueueNode node) {
        return node == null ? 0 : numberOf(node);
    }

    /** Empties a ring of the caller's. */
    static int sumOf(LocalQueue ring) {
        int sum = 0;
        for (QueueNode node; (node = ring.pop()) != null;) {
            sum += numberOf(node);
        }
        return sum;
    }

    @Override
    public String toString() {
        return "node " + number;
    }
}
