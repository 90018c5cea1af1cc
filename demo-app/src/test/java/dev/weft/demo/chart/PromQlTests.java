/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.chart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PromQlTests {

    @Test
    void tellsMetricsFromFunctionsLabelsAndKeywords() {
        PromQl parsed = PromQl.of(
                "histogram_quantile(0.99, sum by (le) (rate(http_seconds_bucket{uri=\"/a{b}\", job!~\"x,y\"}[$__rate_interval])))"
                        + " and on (instance, runtime) (up == 1 or 60 * rate(b_total [5m]) > 1e3) unless c");

        assertThat(parsed.metrics()).containsExactly("http_seconds_bucket", "up", "b_total", "c");
        assertThat(parsed.labels()).containsExactly("uri", "job", "le", "instance", "runtime");
    }
}
