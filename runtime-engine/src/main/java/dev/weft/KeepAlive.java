/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

/** Whether a runtime keeps the JVM from exiting after the last ordinary thread has ended. */
public enum KeepAlive {

    /** While tasks or blocking jobs live. Timers that are yet to spawn something do not count. */
    WHILE_TASKS_LIVE,

    /** Until the runtime is closed. */
    ALWAYS,

    /** Never: the JVM may exit in the middle of a task. */
    NEVER
}
