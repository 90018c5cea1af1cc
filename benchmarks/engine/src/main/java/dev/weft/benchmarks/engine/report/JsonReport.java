/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.report;

import dev.weft.benchmarks.engine.driver.Results;
import dev.weft.benchmarks.engine.driver.Results.Row;
import dev.weft.benchmarks.engine.driver.Spread;
import dev.weft.benchmarks.engine.driver.Target;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The results for programs: the shape of this file is a contract with whoever reads them. */
public final class JsonReport {

    private static final JsonMapper JSON = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final Results results;

    public JsonReport(Results results) {
        this.results = results;
    }

    public String render() {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("group", results.group().name());
        document.put("machine", results.machine());
        document.put("versions", results.versions());
        document.put("skipped", results.skipped());
        document.put("rows", results.rows().stream().map(this::row).toList());
        return JSON.writeValueAsString(document) + "\n";
    }

    private Map<String, @Nullable Object> row(Row row) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("shape", row.shape().name());
        object.put("unit", "ns/op");
        object.put("operation", row.shape().operation());
        object.put("rounds", row.rounds());
        object.put(Results.SUBJECT, row.cost(Results.SUBJECT).map(JsonReport::cost).orElse(null));
        Map<String, Object> peers = new LinkedHashMap<>();
        row.costs().forEach((peer, spread) -> {
            if (!peer.equals(Results.SUBJECT)) {
                peers.put(peer, cost(spread));
            }
        });
        object.put("peers", peers);
        object.put("failures", row.failures());
        object.put("targets", results.outcomes(row).stream().map(JsonReport::target).toList());
        return object;
    }

    private static Map<String, @Nullable Object> cost(Spread spread) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("median", rounded(spread.median()));
        object.put("min", rounded(spread.min()));
        object.put("max", rounded(spread.max()));
        object.put("cpu", rounded(spread.cpu()));
        object.put("alloc", spread.alloc() == null ? null : rounded(spread.alloc()));
        return object;
    }

    private static Map<String, @Nullable Object> target(Target.Outcome outcome) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("rival", outcome.rival());
        object.put("peer", outcome.peer());
        object.put("ratio", Math.round(outcome.ratio() * 1000) / 1000.0);
        object.put("limit", outcome.limit());
        object.put("met", outcome.met());
        return object;
    }

    private static double rounded(double value) {
        return Math.round(value * 10) / 10.0;
    }
}
