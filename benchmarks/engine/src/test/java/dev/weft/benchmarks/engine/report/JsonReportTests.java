/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.benchmarks.engine.driver.Group;
import dev.weft.benchmarks.engine.driver.Group.Measure;
import dev.weft.benchmarks.engine.driver.Machine;
import dev.weft.benchmarks.engine.driver.Results;
import dev.weft.benchmarks.engine.driver.Results.Row;
import dev.weft.benchmarks.engine.driver.Shape;
import dev.weft.benchmarks.engine.driver.Spread;
import dev.weft.benchmarks.engine.driver.Target;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JsonReportTests {

    private static final Shape SHAPE = new Shape("chained_spawn", "link", false);

    @Test
    void weftStandsBesideItsPeersInEachRow() {
        JsonNode row = row(Map.of("weft", spread(25, 48.0), "jdk", spread(250, 350.0)));

        assertThat(row.get("shape").asString()).isEqualTo("chained_spawn");
        assertThat(row.get("unit").asString()).isEqualTo("ns/op");
        assertThat(row.get("weft").get("median").asDouble()).isEqualTo(25);
        assertThat(row.get("weft").get("alloc").asDouble()).isEqualTo(48);
        assertThat(row.get("peers").propertyNames()).containsExactly("jdk");
        assertThat(row.get("peers").get("jdk").propertyNames())
                .containsExactly("median", "min", "max", "cpu", "alloc");
        assertThat(row.get("targets").get(0).get("ratio").asDouble()).isEqualTo(0.1);
        assertThat(row.get("targets").get(0).get("met").asBoolean()).isTrue();
    }

    @Test
    void rowWithoutWeftHasNoTargets() {
        JsonNode row = row(Map.of("jdk", spread(250, null)));

        assertThat(row.get("weft").isNull()).isTrue();
        assertThat(row.get("targets")).isEmpty();
        assertThat(row.get("peers").get("jdk").get("alloc").isNull()).isTrue();
    }

    private static JsonNode row(Map<String, Spread> costs) {
        Group group = new Group(
                "scheduler", Measure.COST, List.of(SHAPE), Map.of(), List.of(new Target("", "jdk", 0.1)));
        Results results = new Results(
                group,
                new Machine(2, "a CPU", 4, "Linux 6", "25"),
                List.copyOf(costs.keySet()),
                Map.of(),
                Map.of(),
                List.of(new Row(SHAPE, 5, costs, Map.of())));
        return new JsonMapper().readTree(new JsonReport(results).render()).get("rows").get(0);
    }

    private static Spread spread(double median, Double alloc) {
        return new Spread(median, median, median, median, alloc);
    }
}
