/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.demo.DemoClient;
import dev.weft.demo.DemoTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Holds the names in dashboards and alerts against what the running demo tells Prometheus. */
@DemoTest
class MetricNamesTests {

    private static final Path FILES = Chart.DIRECTORY.resolve("files");
    private static final Pattern SAMPLE = Pattern.compile("^([a-z][a-z0-9_:]*)(?:\\{(.*)})? ", Pattern.MULTILINE);
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"");

    /** Labels that Prometheus adds to what it scrapes. */
    private static final Set<String> OF_PROMETHEUS = Set.of("instance", "job", "namespace", "pod");

    @LocalServerPort
    private int port;

    private DemoClient demo;

    @BeforeEach
    void connect() {
        demo = new DemoClient(port);
    }

    @AfterEach
    void disconnect() {
        demo.close();
    }

    @Test
    void everyNameInDashboardsAndAlertsIsExposed() throws Exception {
        Map<String, Set<String>> exposed = exposed();
        List<String> expressions = Stream.concat(dashboardExpressions().stream(), alertExpressions().stream()).toList();

        assertThat(expressions).hasSizeGreaterThan(40);
        assertThat(expressions).allSatisfy(expression -> {
            PromQl names = PromQl.of(expression);
            assertThat(names.metrics()).as(expression).isNotEmpty();
            assertThat(exposed.keySet()).as(expression).containsAll(names.metrics());
            Set<String> labels = new HashSet<>(OF_PROMETHEUS);
            names.metrics().forEach(metric -> labels.addAll(exposed.get(metric)));
            assertThat(labels).as("labels of " + expression).containsAll(names.labels());
        });
    }

    @Test
    void variablesOfDashboardsAskForExposedNames() throws Exception {
        Map<String, Set<String>> exposed = exposed();
        Pattern labelValues = Pattern.compile("label_values\\((.*), (\\w+)\\)");

        for (JsonNode dashboard : dashboards()) {
            for (JsonNode variable : dashboard.at("/templating/list")) {
                if (variable.at("/type").asString().equals("query")) {
                    var query = labelValues.matcher(variable.at("/query/query").asString());
                    assertThat(query.matches()).isTrue();
                    assertThat(exposed.keySet()).containsAll(PromQl.of(query.group(1)).metrics());
                }
            }
        }
    }

    @Test
    void everyAlertIsExplained() throws Exception {
        String operations = Files.readString(Path.of("..", "docs", "operations.md"));

        assertThat(alerts()).hasSizeGreaterThan(10).allSatisfy(alert -> assertThat(operations)
                .contains("\n### " + alert.get("alert") + "\n"));
    }

    private Map<String, Set<String>> exposed() throws Exception {
        demo.get("/quotes/tea?deadline=100ms");
        demo.post("/reports", "{\"item\": \"tea\"}");
        System.gc(); // the meter of pauses is there from the first pause on
        Map<String, Set<String>> exposed = new HashMap<>();
        SAMPLE.matcher(demo.get("/actuator/prometheus").body()).results().forEach(sample -> {
            String labels = sample.group(2) == null ? "" : sample.group(2);
            exposed.computeIfAbsent(sample.group(1), name -> new HashSet<>())
                    .addAll(LABEL.matcher(labels).results().map(match -> match.group(1)).toList());
        });
        return exposed;
    }

    private static List<String> dashboardExpressions() throws IOException {
        return dashboards().stream()
                .flatMap(dashboard -> dashboard.findValues("expr").stream())
                .map(JsonNode::asString)
                .toList();
    }

    private static List<JsonNode> dashboards() throws IOException {
        JsonMapper json = new JsonMapper();
        return files("dashboards", ".json").map(json::readTree).toList();
    }

    private static List<String> alertExpressions() throws IOException {
        return alerts().stream().map(alert -> alert.get("expr").toString()).toList();
    }

    private static List<Map<?, ?>> alerts() throws IOException {
        return files("alerts", ".yaml")
                .flatMap(text -> Chart.documents(text).stream())
                .flatMap(document -> ((List<?>) Chart.at(document, "groups")).stream())
                .flatMap(group -> ((List<?>) Chart.at(group, "rules")).stream())
                .<Map<?, ?>>map(rule -> (Map<?, ?>) rule)
                .toList();
    }

    private static Stream<String> files(String directory, String ending) throws IOException {
        try (Stream<Path> all = Files.list(FILES.resolve(directory))) {
            List<Path> found = all.filter(path -> path.toString().endsWith(ending)).sorted().toList();
            assertThat(found).isNotEmpty();
            return found.stream().map(MetricNamesTests::read);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
    }
}
