/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.driver;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/**
 * Where Weft must stand in some rows: its median cost over the rival's is at most {@code limit}.
 *
 * @param shapes prefix of the shapes' names; empty for all
 * @param rival name of the peer, or what comes before the version where a peer comes in several; then the cheapest
 *     of them counts, row by row
 */
public record Target(String shapes, String rival, double limit) {

    /** A target in one row: {@code peer} is the rival that counted. */
    public record Outcome(String rival, String peer, double ratio, double limit) {

        public boolean met() {
            return ratio <= limit;
        }
    }

    public boolean covers(Shape shape) {
        return shape.name().startsWith(shapes);
    }

    /** Empty if the row lacks one of the two. */
    public Optional<Outcome> check(Spread weft, Map<String, Spread> peers) {
        return peers.entrySet().stream()
                .filter(peer -> peer.getKey().equals(rival) || peer.getKey().startsWith(rival + "-"))
                .min(Comparator.comparingDouble(peer -> peer.getValue().median()))
                .map(peer -> new Outcome(
                        rival, peer.getKey(), weft.median() / peer.getValue().median(), limit));
    }
}
