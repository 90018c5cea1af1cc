/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.driver;

import java.util.ArrayList;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a campaign found out.
 *
 * @param peers names in the order of the tables, Weft first
 * @param versions by peer
 * @param skipped peers that could not be run at all, with the reason
 */
public record Results(
        Group group,
        Machine machine,
        List<String> peers,
        Map<String, String> versions,
        Map<String, String> skipped,
        List<Row> rows) {

    /** The name that targets and ratios are about. */
    public static final String SUBJECT = "weft";

    /**
     * One shape.
     *
     * @param rounds how often each peer was measured
     * @param costs by peer
     * @param failures why a peer has no cost, by peer
     */
    public record Row(Shape shape, int rounds, Map<String, Spread> costs, Map<String, String> failures) {

        public Optional<Spread> cost(String peer) {
            return Optional.ofNullable(costs.get(peer));
        }
    }

    /** How often the shapes were measured: one number, or the fewest and the most. */
    public String rounds() {
        IntSummaryStatistics rounds = rows.stream().mapToInt(Row::rounds).summaryStatistics();
        return rounds.getMin() == rounds.getMax() ? "" + rounds.getMax() : rounds.getMin() + " to " + rounds.getMax();
    }

    /** How the targets came out in one row; empty without Weft's own cost. */
    public List<Target.Outcome> outcomes(Row row) {
        List<Target.Outcome> outcomes = new ArrayList<>();
        row.cost(SUBJECT).ifPresent(weft -> group.targets().stream()
                .filter(target -> target.covers(row.shape()))
                .flatMap(target -> target.check(weft, row.costs()).stream())
                .forEach(outcomes::add));
        return outcomes;
    }
}
