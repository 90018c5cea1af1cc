/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.scheduler;

import dev.weft.internal.concurrent.QueueNode;

/** One wake of a virtual thread that is not a runner: user code started it on our scheduler. It is run and counted. */
final class GuestNode extends QueueNode {

    final Runnable continuation;

    GuestNode(Runnable continuation) {
        this.continuation = continuation;
    }
}
