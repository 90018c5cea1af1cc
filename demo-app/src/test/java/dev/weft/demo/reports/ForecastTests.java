/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.reports;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ForecastTests {

    private final Forecast forecast = Forecast.play(100, 20_000, 90, new SplittableRandom(42));

    @Test
    void theMedianStaysWhereThePriceWas() {
        assertThat(forecast.quantile(0.5)).isBetween(98.0, 102.0);
        assertThat(forecast.quantile(0.05)).isLessThan(forecast.quantile(0.5));
        assertThat(forecast.quantile(0.95)).isGreaterThan(forecast.quantile(0.5));
    }

    @Test
    void theHistogramCountsEveryPathOnce() {
        assertThat(Arrays.stream(forecast.histogram(12)).sum()).isEqualTo(20_000);
        assertThat(Forecast.play(100, 100, 1, new SplittableRandom(1)).histogram(1)).containsExactly(100);
    }
}
