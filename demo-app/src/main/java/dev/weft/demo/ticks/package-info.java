/* SPDX-License-Identifier: Apache-2.0 */
/** Server-sent events from an {@code Interval}: one task per stream, all of them ended before the web server stops. */
@NullMarked
package dev.weft.demo.ticks;

import org.jspecify.annotations.NullMarked;
