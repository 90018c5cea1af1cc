/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What library code may ask of the runtime it happens to run in, in JDK types only.
 *
 * <p>Implemented by the engine on higher floors and plugged in through {@link dev.weft.internal.port.Ports}. An absent
 * port means a plain thread: operations then park as any Java code does.
 *
 * <p>Floor 0: imports {@code clock} only.
 *
 * <p>Design: docs/architecture.md, ADR 0003 (floors and ports).
 */
@NullMarked
package dev.weft.internal.port;

import org.jspecify.annotations.NullMarked;
