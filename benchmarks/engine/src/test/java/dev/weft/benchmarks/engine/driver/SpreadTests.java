/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTests {

    @Test
    void oddNumberOfRoundsHasAMiddleOne() {
        Spread spread = Spread.of(List.of(cost(30), cost(10), cost(20)));

        assertThat(spread.median()).isEqualTo(20);
        assertThat(spread.min()).isEqualTo(10);
        assertThat(spread.max()).isEqualTo(30);
    }

    @Test
    void evenNumberOfRoundsMeetsHalfWay() {
        assertThat(Spread.of(List.of(cost(40), cost(10), cost(20), cost(30))).median()).isEqualTo(25);
    }

    @Test
    void allocationIsAbsentWhenNobodyCountedIt() {
        assertThat(Spread.of(List.of(cost(1))).alloc()).isNull();
        assertThat(Spread.of(List.of(new Cost(1, 1, 48.0), new Cost(1, 1, 50.0))).alloc()).isEqualTo(49.0);
    }

    private static Cost cost(double nanos) {
        return new Cost(nanos, 2 * nanos, null);
    }
}
