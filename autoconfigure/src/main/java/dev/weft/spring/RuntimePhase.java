/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring;

/** Where a runtime is in the life of its application context. */
public enum RuntimePhase {

    /** The context runs. */
    RUNNING,

    /** Somebody asked the application to finish what it has; tasks still start, and it can be undone. */
    DRAINING,

    /** The context stops or pauses: tasks get the grace period, then they are aborted. */
    STOPPING,

    /** The context has stopped or is paused; it may start again. */
    STOPPED,

    /** The runtime is closed, or is being closed. */
    CLOSED
}
