/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The pattern that the tests of this module follow, shown on a counter, and the test that runs jcstress.
 * <p>Tests of the engine stand in the package of the class they test, so that they reach its package-private parts.
 */
@NullMarked
package dev.weft.concurrency;

import org.jspecify.annotations.NullMarked;
