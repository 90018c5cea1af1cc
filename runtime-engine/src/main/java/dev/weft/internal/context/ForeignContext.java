/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.context;

/** The context of a thread that is not the engine's own: entered by hand, a guest, or one of the blocking pool. */
public final class ForeignContext extends TaskContext {

    private final Thread thread = Thread.currentThread();

    /** Makes the context of the calling thread. */
    public ForeignContext(RuntimeHost host) {
        super(host);
    }

    @Override
    public Thread thread() {
        return thread;
    }
}
