/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.quotes;

import java.math.BigDecimal;

/**
 * A price that a source named.
 *
 * @param source who
 * @param price how much
 * @param currency of what
 * @param tookMillis how long the source took
 */
public record Quote(String source, BigDecimal price, String currency, long tookMillis) {}
