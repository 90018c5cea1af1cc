/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.sources;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PriceBookTests {

    @Test
    void pricesOfOneItemAreCloseAndNotEqual() {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        BigDecimal one = PriceBook.price("northwind", "tea pot", now);
        BigDecimal other = PriceBook.price("harbour", "tea pot", now);

        assertThat(one).isNotEqualByComparingTo(other).isBetween(new BigDecimal("4.50"), new BigDecimal("540"));
        assertThat(one.doubleValue() / other.doubleValue()).isBetween(0.8, 1.25);
    }

    @Test
    void aPriceIsTheSameForEverybodyAtOneMoment() {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");

        assertThat(PriceBook.price("harbour", "tea", now)).isEqualTo(PriceBook.price("harbour", "tea", now));
    }
}
