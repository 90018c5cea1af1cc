/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.port;

/** A deadline around the work of a thread, as the engine sees it. */
public interface DeadlinePort {

    /** Returns whether this deadline, or one around it, has passed and was enforced by an interrupt. */
    boolean hasPassed();
}
