/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Everything private that Weft uses of the JDK, in one place, with the test that decides whether it may be used.
 *
 * <p>Floor 0: imports nothing of Weft. Never used by the library packages.
 *
 * <p>Design: docs/scheduler.md, ADR 0002 (two modes behind one seam).
 */
@NullMarked
package dev.weft.internal.jdk;

import org.jspecify.annotations.NullMarked;
