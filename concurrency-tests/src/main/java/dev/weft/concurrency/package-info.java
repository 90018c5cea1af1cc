/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What the tests of this module share, and the test that runs jcstress.
 * <p>Tests of the engine stand in the package of the class they test, so that they reach its package-private parts.
 */
@NullMarked
package dev.weft.concurrency;

import org.jspecify.annotations.NullMarked;
