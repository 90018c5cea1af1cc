/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.report;

import dev.weft.benchmarks.engine.driver.Group.Measure;
import dev.weft.benchmarks.engine.driver.Results;
import dev.weft.benchmarks.engine.driver.Results.Row;
import dev.weft.benchmarks.engine.driver.Spread;
import java.util.List;
import java.util.Locale;

/**
 * Horizontal bars, one block per shape: each peer's median cost relative to Weft's. Bars are scaled within their block,
 * since shapes have nothing in common. Latencies are given as they are, all on one scale.
 */
public final class Chart {

    private static final int LABELS = 110;
    private static final int BARS = 520;
    private static final int FIGURES = 70;
    private static final int MARGIN = 16;
    private static final int BAR = 13;
    private static final int PITCH = 17;
    private static final int TITLE = 24;
    private static final int HEADER = 56;

    private static final String OWN = "#1f6f54";
    private static final String OWN_VARIANT = "#74b49b";
    private static final List<String> OTHERS = List.of("#4f6d9a", "#8aa1c4", "#b5763b", "#a94f5c", "#c98a93");

    private final Results results;
    private final StringBuilder svg = new StringBuilder();

    public Chart(Results results) {
        this.results = results;
    }

    public String render() {
        int width = MARGIN + LABELS + BARS + FIGURES + MARGIN;
        int height = HEADER + results.rows().stream().mapToInt(Chart::height).sum() + MARGIN;
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" "
                        + "font-family=\"sans-serif\" font-size=\"12\">",
                width,
                height,
                width,
                height);
        add("<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>", width, height);
        text(MARGIN, 24, "font-size=\"16\" font-weight=\"bold\"", "Group " + results.group().name());
        String what = areLatencies() ? "Median latency in ms" : "Median cost per operation relative to " + base();
        text(
                MARGIN,
                42,
                "fill=\"#555555\"",
                what + " (shorter is better); " + results.rounds() + " rounds, " + results.machine().cores()
                        + " cores");
        int top = HEADER;
        for (Row row : results.rows()) {
            block(row, top);
            top += height(row);
        }
        add("</svg>");
        return svg.toString();
    }

    private static int height(Row row) {
        return TITLE + (row.costs().size() + row.failures().size()) * PITCH + 8;
    }

    /** The peer whose cost is 1: Weft, or without it the first. */
    private String base() {
        return results.peers().contains(Results.SUBJECT) || results.peers().isEmpty()
                ? Results.SUBJECT
                : results.peers().getFirst();
    }

    private void block(Row row, int top) {
        text(MARGIN, top + 16, "font-weight=\"bold\"", row.shape().name());
        double base = row.cost(base()).map(Spread::median).orElse(Double.NaN);
        double longest = longest(areLatencies() ? results.rows() : List.of(row));
        int y = top + TITLE;
        for (String peer : results.peers()) {
            Spread cost = row.costs().get(peer);
            String failure = row.failures().get(peer);
            if (cost != null) {
                String figure = areLatencies() ? figure(cost.median() / 1e6) : figure(cost.median() / base);
                bar(peer, y, Math.max(1, cost.median() / longest * BARS), figure);
                y += PITCH;
            } else if (failure != null) {
                text(MARGIN, y + BAR - 2, "", peer);
                text(MARGIN + LABELS, y + BAR - 2, "fill=\"#777777\"", escaped(failure));
                y += PITCH;
            }
        }
    }

    private boolean areLatencies() {
        return results.group().measure() == Measure.LATENCY;
    }

    private static double longest(List<Row> rows) {
        return rows.stream()
                .flatMap(row -> row.costs().values().stream())
                .mapToDouble(Spread::median)
                .max()
                .orElse(1.0);
    }

    private static String figure(double value) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.2f", value);
    }

    private void bar(String peer, int y, double length, String figure) {
        text(MARGIN, y + BAR - 2, "", peer);
        add(
                "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>",
                MARGIN + LABELS,
                y,
                length,
                BAR,
                colour(peer));
        text(MARGIN + LABELS + (int) length + 6, y + BAR - 2, "", figure);
    }

    private String colour(String peer) {
        if (peer.equals(Results.SUBJECT)) {
            return OWN;
        }
        if (peer.startsWith(Results.SUBJECT)) {
            return OWN_VARIANT;
        }
        return OTHERS.get(results.peers().indexOf(peer) % OTHERS.size());
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private void text(int x, int y, String attributes, String content) {
        add("<text x=\"%d\" y=\"%d\" %s>%s</text>", x, y, attributes, content);
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
