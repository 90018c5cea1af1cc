/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.concurrent;

/** A node that is known by its number. */
final class NumberedNode extends QueueNode {

    final int number;

    NumberedNode(int number) {
        this.number = number;
    }

    static int numberOf(QueueNode node) {
        return ((NumberedNode) node).number;
    }

    @Override
    public String toString() {
        return "node " + number;
    }
}
