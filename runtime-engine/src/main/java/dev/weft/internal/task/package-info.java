/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The task: its body, its state word, its outcome, and those who wait for it.
 *
 * <p>Schedulers start and complete a {@link dev.weft.internal.task.TaskCell}; everybody else holds it as a
 * {@code JoinHandle}. All arithmetic on the state word stands in {@link dev.weft.internal.task.TaskState}.
 *
 * <p>Floor 1: imports {@code task} and floor 0.
 *
 * <p>Design: docs/scheduler.md (life of a task).
 */
@NullMarked
package dev.weft.internal.task;

import org.jspecify.annotations.NullMarked;
