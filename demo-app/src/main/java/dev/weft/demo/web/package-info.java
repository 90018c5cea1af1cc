/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What every request of the demo meets: checked input, problem answers, and the ledger of accepted and answered
 * requests. Imports none of the other packages.
 */
@NullMarked
package dev.weft.demo.web;

import org.jspecify.annotations.NullMarked;
