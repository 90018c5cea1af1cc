/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.reports;

import dev.weft.demo.quotes.Comparison;
import dev.weft.demo.quotes.Quote;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/** Turns a comparison into a report. CPU work from end to end: run it on the blocking pool. Thread-safe. */
@Component
class ReportRenderer {

    private static final int CLASSES = 12;
    private static final int BAR = 40;

    private final ReportProperties properties;

    ReportRenderer(ReportProperties properties) {
        this.properties = properties;
    }

    Report render(Comparison comparison) {
        long start = System.nanoTime();
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        StringBuilder text = new StringBuilder();
        List<Figure> figures = new ArrayList<>();
        text.append("Price report: ").append(comparison.item()).append('\n').append(now).append("\n\n");
        int answered = comparison.quotes().size();
        int asked = answered + comparison.missing().size();
        line(text, "Quotes (%d of %d sources answered)", answered, asked);
        quotes(comparison, text);
        if (answered > 0) {
            figures.addAll(statistics(comparison.quotes()));
            figures.addAll(forecast(comparison.quotes().getFirst(), text));
            text.append("\nFigures\n");
        }
        figures.forEach(figure -> line(text, "  %-22s %12s", figure.name(), figure.amount()));
        long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        return new Report(
                UUID.randomUUID(), comparison.item(), now, asked, answered, took, text.toString(),
                List.copyOf(figures));
    }

    private static void quotes(Comparison comparison, StringBuilder text) {
        for (Quote quote : comparison.quotes()) {
            line(text, "  %-22s %12s %s  (%d ms)", quote.source(), quote.price(), quote.currency(), quote.tookMillis());
        }
        comparison.missing()
                .forEach(missing -> line(text, "  %-22s %12s %s", missing.source(), "-", missing.message()));
    }

    private static List<Figure> statistics(List<Quote> cheapestFirst) {
        double[] prices = cheapestFirst.stream()
                .mapToDouble(quote -> quote.price().doubleValue())
                .toArray();
        return List.of(
                Figure.of("price.best", prices[0]),
                Figure.of("price.median", prices[prices.length / 2]),
                Figure.of("price.mean", Arrays.stream(prices).average().orElseThrow()),
                Figure.of("price.highest", prices[prices.length - 1]));
    }

    private List<Figure> forecast(Quote best, StringBuilder text) {
        Forecast forecast = Forecast.play(
                best.price().doubleValue(), properties.paths(), properties.days(), new SplittableRandom());
        line(text, "%nForecast of the best price, %d days, %d paths", properties.days(), properties.paths());
        int[] counts = forecast.histogram(CLASSES);
        int most = Arrays.stream(counts).max().orElseThrow();
        double low = forecast.quantile(0.01);
        double width = (forecast.quantile(0.99) - low) / CLASSES;
        for (int i = 0; i < CLASSES; i++) {
            line(text, "  %10.2f  %s", low + (i + 0.5) * width, "#".repeat(counts[i] * BAR / most));
        }
        return List.of(
                Figure.of("forecast.p05", forecast.quantile(0.05)),
                Figure.of("forecast.p50", forecast.quantile(0.5)),
                Figure.of("forecast.p95", forecast.quantile(0.95)));
    }

    private static void line(StringBuilder text, String format, Object... arguments) {
        text.append(String.format(Locale.ROOT, format, arguments).stripTrailing()).append('\n');
    }
}
