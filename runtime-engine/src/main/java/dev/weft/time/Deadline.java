/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.time;

/**
 * A point in time by a runtime's clock. Immutable. Made by {@link Time#deadlineIn}; means nothing in a runtime with
 * another clock.
 *
 * @param nanos a reading of that clock
 */
public record Deadline(long nanos) {}
