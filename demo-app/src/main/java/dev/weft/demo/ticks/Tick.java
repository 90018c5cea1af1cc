/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.ticks;

import java.time.Instant;

/**
 * One event of a stream.
 *
 * @param number counts from 1
 * @param at when it was sent
 * @param lateMicros how far behind the schedule that the first tick set
 * @param accepted requests that reached the application so far
 * @param answered those among them that ended
 */
record Tick(long number, Instant at, long lateMicros, long accepted, long answered) {}
