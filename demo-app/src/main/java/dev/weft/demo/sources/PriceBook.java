/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.sources;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;

/** Makes up prices: the same item costs about the same everywhere, and moves a little with time. */
final class PriceBook {

    private static final double MINUTES_PER_WAVE = 7;

    private PriceBook() {}

    static BigDecimal price(String source, String item, Instant at) {
        double base = 5 + 495 * fraction(item);
        double margin = 0.94 + 0.12 * fraction(source + '/' + item);
        double phase = 2 * Math.PI * (fraction(source) + at.toEpochMilli() / (MINUTES_PER_WAVE * 60_000));
        return BigDecimal.valueOf(base * margin * (1 + 0.01 * Math.sin(phase))).setScale(2, RoundingMode.HALF_UP);
    }

    /** Spreads texts evenly over 0 to 1. */
    private static double fraction(String text) {
        int mixed = text.hashCode() * 0x9E3779B9;
        mixed ^= mixed >>> 15;
        mixed *= 0x85EBCA6B;
        return (mixed >>> 8) / (double) (1 << 24);
    }
}
