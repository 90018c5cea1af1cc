/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Reports: an item's quotes and a price forecast, rendered on the blocking pool because that is pure CPU work, and
 * stored with their figures in one transaction.
 */
@NullMarked
package dev.weft.demo.reports;

import org.jspecify.annotations.NullMarked;
