/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The hierarchical timer wheel, the heap for near deadlines, and the driver that advances both.
 *
 * <p>Outsiders see three types: a {@link dev.weft.internal.timer.TimerEntry} is one deadline, a
 * {@link dev.weft.internal.timer.TimerDriver} keeps the entries of one worker, and an
 * {@link dev.weft.internal.timer.OwnerGuard} tells the driver who may touch it. The scheduler advances the driver while
 * it polls and before it parks; nothing here starts a thread, blocks, takes a lock, logs, or reads the clock behind the
 * caller's back more than once per call.
 *
 * <p>Floor 2: imports {@code clock}, {@code metrics} and {@code internal.concurrent} only. Never reactor, blocking or
 * jdk.
 *
 * <p>Design: docs/time.md.
 */
@NullMarked
package dev.weft.internal.timer;

import org.jspecify.annotations.NullMarked;
