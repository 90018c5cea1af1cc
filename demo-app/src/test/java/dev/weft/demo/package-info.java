/* SPDX-License-Identifier: Apache-2.0 */
/** The demo as a whole, over HTTP. */
@NullMarked
package dev.weft.demo;

import org.jspecify.annotations.NullMarked;
