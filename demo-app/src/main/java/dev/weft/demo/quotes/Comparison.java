/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.quotes;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What all sources said about one item.
 *
 * @param item what was asked for
 * @param best the cheapest quote, or null when none came
 * @param quotes those that came in time, cheapest first
 * @param missing the sources that gave none, and why
 * @param deadlineMillis how long the sources had
 * @param tookMillis how long it took
 */
public record Comparison(
        String item,
        @Nullable Quote best,
        List<Quote> quotes,
        List<Missing> missing,
        long deadlineMillis,
        long tookMillis) {

    static Comparison of(
            String item, List<Quote> quotes, List<Missing> missing, long deadlineMillis, long tookMillis) {
        List<Quote> sorted = quotes.stream().sorted(Comparator.comparing(Quote::price)).toList();
        Quote best = sorted.isEmpty() ? null : sorted.getFirst();
        return new Comparison(item, best, sorted, List.copyOf(missing), deadlineMillis, tookMillis);
    }
}
