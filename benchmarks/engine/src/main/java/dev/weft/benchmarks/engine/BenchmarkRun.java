/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine;

import dev.weft.benchmarks.engine.driver.Invocation;
import dev.weft.benchmarks.engine.driver.Results;
import dev.weft.benchmarks.engine.report.Chart;
import dev.weft.benchmarks.engine.report.JsonReport;
import dev.weft.benchmarks.engine.report.MarkdownReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Runs one group and leaves its results as a table, a chart and JSON. */
public final class BenchmarkRun {

    private BenchmarkRun() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        Invocation invocation;
        try {
            invocation = Invocation.parse(args);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        Results results = invocation.run(System.out);
        String table = new MarkdownReport(results).render();
        Path directory = invocation.resultsDirectory();
        String group = results.group().name();
        Files.writeString(directory.resolve(group + ".json"), new JsonReport(results).render());
        Files.writeString(directory.resolve(group + ".md"), table);
        Files.writeString(directory.resolve(group + ".svg"), new Chart(results).render());
        System.out.println();
        System.out.println(table);
        System.out.println("Written to " + directory + ": " + group + ".json, " + group + ".md, " + group + ".svg");
    }
}
