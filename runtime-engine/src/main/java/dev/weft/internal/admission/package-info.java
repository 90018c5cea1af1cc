/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The admission gate: how many tasks spawned from outside may be under way.
 *
 * <p>The runtime spawns through {@link dev.weft.internal.admission.AdmissionGate}; everything else is the gate's own.
 *
 * <p>Floor 2: imports {@code internal.task}, {@code internal.context}, {@code task} and floor 0.
 *
 * <p>Design: the block comments of {@code AdmissionGate} and {@code Admission}, ADR 0008 (limits apply at the edge).
 */
@NullMarked
package dev.weft.internal.admission;

import org.jspecify.annotations.NullMarked;
