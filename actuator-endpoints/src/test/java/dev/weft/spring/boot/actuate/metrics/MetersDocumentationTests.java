/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.actuate.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Mode;
import dev.weft.WeftRuntime;
import dev.weft.spring.WeftRuntimes;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The catalogue in docs/metrics.md is what is registered, in other words. */
class MetersDocumentationTests {

    private static final Pattern ROW = Pattern
            .compile("(?m)^\\| `([a-z.]+)` \\| `([a-z_0-9, ]+)` \\| (\\w+) \\| (.*?) \\| (.*?) \\| (.+) \\|$");

    private record Row(String prometheus, String type, String tags, String unit, String meaning) {}

    @Test
    void everyMeterIsInTheCatalogue() throws Exception {
        Map<String, Row> documented = documented();
        Map<String, Row> registered = registered();
        assertThat(documented.keySet()).isEqualTo(registered.keySet());
        registered.forEach((name, row) -> {
            Row docs = documented.get(name);
            assertThat(docs.type).as(name).isEqualTo(row.type);
            assertThat(docs.unit).as(name).isEqualTo(row.unit);
            assertThat(docs.tags).as(name).isEqualTo(row.tags);
            assertThat(docs.meaning).as(name).isEqualTo(row.meaning);
            assertThat(docs.prometheus).as(name).isEqualTo(row.prometheus);
        });
    }

    private static Map<String, Row> documented() throws Exception {
        Map<String, Row> rows = new TreeMap<>();
        Matcher matcher = ROW.matcher(Files.readString(Path.of("../docs/metrics.md")));
        while (matcher.find()) {
            rows.put(
                    matcher.group(1),
                    new Row(
                            matcher.group(2),
                            matcher.group(3),
                            matcher.group(4).trim(),
                            matcher.group(5).trim(),
                            matcher.group(6)));
        }
        return rows;
    }

    private static Map<String, Row> registered() {
        try (WeftRuntime runtime = WeftRuntime.builder().mode(Mode.DEDICATED).workerThreads(1).build()) {
            PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            RuntimeMeters meters = new RuntimeMeters(new WeftRuntimes(List.of(runtime)));
            meters.bindTo(registry);
            String scrape = registry.scrape();
            Map<String, Row> rows = new TreeMap<>();
            for (Meter meter : registry.getMeters()) {
                Meter.Id id = meter.getId();
                if (id.getName().startsWith("executor.") && id.getTag("name").endsWith("-blocking")) {
                    continue; // described by the row of the runtime
                }
                rows.put(
                        id.getName(),
                        new Row(
                                samples(scrape, id),
                                type(meter),
                                id.getTags().stream().map(Tag::getKey).collect(Collectors.joining(", ")),
                                id.getBaseUnit() == null ? "" : id.getBaseUnit(),
                                id.getDescription()));
            }
            assertThat(meters).isNotNull();
            return rows;
        }
    }

    private static String type(Meter meter) {
        return meter.match(
                gauge -> "gauge",
                counter -> "counter",
                timer -> "timer",
                summary -> "summary",
                longTaskTimer -> "timer",
                timeGauge -> "gauge",
                functionCounter -> "counter",
                functionTimer -> "timer",
                other -> "other");
    }

    /** The names under which Prometheus gets the meter. */
    private static String samples(String scrape, Meter.Id id) {
        String prefix = id.getName().replace('.', '_');
        String help = "# HELP ";
        return Stream.of(scrape.split("\n"))
                .filter(line -> line.startsWith(help + prefix) && line.endsWith(" " + id.getDescription()))
                .map(line -> line.substring(help.length()).split(" ")[0])
                .filter(name -> isNameOf(name, prefix, id.getBaseUnit()))
                .collect(Collectors.toCollection(TreeSet::new))
                .stream()
                .collect(Collectors.joining(", "));
    }

    private static boolean isNameOf(String name, String prefix, String unit) {
        String rest = name.substring(prefix.length());
        return rest.isEmpty() || rest.equals("_total") || rest.equals("_" + unit) || rest.equals("_" + unit + "_total");
    }
}
