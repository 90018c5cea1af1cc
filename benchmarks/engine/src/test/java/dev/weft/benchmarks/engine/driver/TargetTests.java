/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TargetTests {

    private static final Target TARGET = new Target("spawn_many", "tokio", 0.5);

    @Test
    void coversShapesByPrefix() {
        assertThat(TARGET.covers(new Shape("spawn_many_local", ""))).isTrue();
        assertThat(TARGET.covers(new Shape("spawn_1", ""))).isFalse();
        assertThat(new Target("", "kotlin", 1).covers(new Shape("spawn_1", ""))).isTrue();
    }

    @Test
    void theCheapestVersionOfTheRivalCounts() {
        Target.Outcome outcome = TARGET.check(
                spread(50), Map.of("tokio-1.24", spread(100), "tokio-1.53", spread(200), "jdk", spread(10)))
                .orElseThrow();

        assertThat(outcome.peer()).isEqualTo("tokio-1.24");
        assertThat(outcome.ratio()).isEqualTo(0.5);
        assertThat(outcome.met()).isTrue();
    }

    @Test
    void missedByTheSmallestExcess() {
        assertThat(TARGET.check(spread(50.1), Map.of("tokio-1.24", spread(100)))).get()
                .extracting(Target.Outcome::met)
                .isEqualTo(false);
    }

    @Test
    void hasNoOutcomeWithoutTheRival() {
        assertThat(TARGET.check(spread(50), Map.of("jdk", spread(10)))).isEmpty();
    }

    private static Spread spread(double median) {
        return new Spread(median, median, median, median, null);
    }
}
