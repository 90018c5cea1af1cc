/* SPDX-License-Identifier: Apache-2.0 */
/** The jar that the build makes, in a process of its own. */
@NullMarked
package dev.weft.demo.packaged;

import org.jspecify.annotations.NullMarked;
