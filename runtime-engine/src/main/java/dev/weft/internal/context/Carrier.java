/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.context;

import org.jspecify.annotations.Nullable;

/** A platform thread that runs tasks of one runtime and knows which it is running. */
public abstract class Carrier extends Thread {

    /** For subclasses. */
    protected Carrier(@Nullable ThreadGroup group, String name, long stackSize) {
        super(group, null, name, stackSize, false);
    }

    /** Returns the context of the thread mounted here, or null when it is not one of the engine's. Carried thread only. */
    public abstract @Nullable TaskContext mounted();

    /** Returns the runtime this thread works for. */
    public abstract RuntimeHost host();
}
