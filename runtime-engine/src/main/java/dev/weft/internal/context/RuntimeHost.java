/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.context;

import dev.weft.internal.port.RuntimePort;
import dev.weft.internal.task.TaskHost;

/** A runtime as a context knows it: where tasks belong, and what library code may ask. */
public abstract class RuntimeHost extends TaskHost implements RuntimePort {

    /** For subclasses. */
    protected RuntimeHost() {}
}
