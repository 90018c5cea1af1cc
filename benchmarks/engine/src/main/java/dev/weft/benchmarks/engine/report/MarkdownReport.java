/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.report;

import dev.weft.benchmarks.engine.driver.Group.Measure;
import dev.weft.benchmarks.engine.driver.Machine;
import dev.weft.benchmarks.engine.driver.Results;
import dev.weft.benchmarks.engine.driver.Results.Row;
import dev.weft.benchmarks.engine.driver.Spread;
import dev.weft.benchmarks.engine.driver.Target;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The results for readers: ratios and targets first, then what they were made from. */
public final class MarkdownReport {

    private final Results results;
    private final StringBuilder text = new StringBuilder();

    public MarkdownReport(Results results) {
        this.results = results;
    }

    public String render() {
        heading();
        ratios();
        targets();
        if (results.group().measure() == Measure.LATENCY) {
            details("Latency, ms: median (min - max)", MarkdownReport::latency);
        } else {
            costs();
        }
        operations();
        return text.toString();
    }

    private void costs() {
        details("Time, ns per operation: median (min - max)", MarkdownReport::time);
        details("CPU time of the whole process, ns per operation", spread -> number(spread.cpu()));
        details(
                "Allocation, bytes per operation",
                spread -> spread.alloc() == null ? "" : number(Objects.requireNonNull(spread.alloc())));
    }

    private void heading() {
        Machine machine = results.machine();
        line("# Group " + results.group().name());
        line("");
        line("%d cores of %s, %d GiB, %s, JDK %s; %s rounds, peers in turns."
                .formatted(
                        machine.cores(),
                        machine.cpu(),
                        machine.memoryGib(),
                        machine.kernel(),
                        machine.jdk().strip(),
                        results.rounds()));
        line("");
        line(results.versions().entrySet().stream()
                .map(peer -> "`" + peer.getKey() + "` " + peer.getValue())
                .collect(Collectors.joining(", ", "Peers: ", ".")));
        results.skipped().forEach((peer, reason) -> line("\nSkipped: `" + peer + "`, " + reason + "."));
    }

    /** Costs relative to Weft's, so that all rows read alike: more than 1 is dearer than Weft. */
    private void ratios() {
        boolean weft = results.peers().contains(Results.SUBJECT);
        if (weft) {
            String what = results.group().measure() == Measure.LATENCY ? "Latency" : "Cost";
            section(what + " of each peer, with that of `weft` as 1");
            table(row -> peer -> row.cost(Results.SUBJECT)
                    .flatMap(own -> row.cost(peer).map(spread -> ratio(spread.median() / own.median())))
                    .orElse(""));
        }
    }

    private void targets() {
        List<Row> covered = results.rows().stream()
                .filter(row -> !results.outcomes(row).isEmpty())
                .toList();
        if (covered.isEmpty()) {
            return;
        }
        section("Targets: cost of `weft` over that of the rival");
        line("| shape | " + "rival | ratio | at most | met |");
        line("|---|---|---:|---:|---|");
        for (Row row : covered) {
            for (Target.Outcome outcome : results.outcomes(row)) {
                line("| %s | %s | %s | %s | %s |"
                        .formatted(
                                row.shape().name(),
                                outcome.peer(),
                                ratio(outcome.ratio()),
                                ratio(outcome.limit()),
                                outcome.met() ? "yes" : "**no**"));
            }
        }
    }

    private void details(String title, Function<Spread, String> cell) {
        section(title);
        table(row -> peer -> row.cost(peer)
                .map(cell)
                .orElse(row.failures().containsKey(peer) ? "-" : ""));
    }

    private void operations() {
        section(
                results.group().measure() == Measure.LATENCY
                        ? "What is measured"
                        : "What counts as one operation");
        for (Row row : results.rows()) {
            line("- " + row.shape().name() + ": " + row.shape().operation() + ".");
            row.failures().forEach((peer, reason) -> line("  Without `" + peer + "`: " + reason + "."));
        }
    }

    private void table(Function<Row, Function<String, String>> cells) {
        line("| shape | " + String.join(" | ", results.peers()) + " |");
        line("|---|" + "---:|".repeat(results.peers().size()));
        for (Row row : results.rows()) {
            line(results.peers().stream()
                    .map(cells.apply(row))
                    .collect(Collectors.joining(" | ", "| " + row.shape().name() + " | ", " |")));
        }
    }

    private void section(String title) {
        line("");
        line("## " + title);
        line("");
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    private static String time(Spread spread) {
        return number(spread.median()) + " (" + number(spread.min()) + " - " + number(spread.max()) + ")";
    }

    private static String latency(Spread spread) {
        return millis(spread.median()) + " (" + millis(spread.min()) + " - " + millis(spread.max()) + ")";
    }

    private static String millis(double nanos) {
        return String.format(Locale.ROOT, "%.2f", nanos / 1e6);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.1f" : "%.0f", value);
    }

    private static String ratio(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
