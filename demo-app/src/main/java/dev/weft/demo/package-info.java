/* SPDX-License-Identifier: Apache-2.0 */
/** The demo service. */
@NullMarked
package dev.weft.demo;

import org.jspecify.annotations.NullMarked;
