/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

/** What operators and browsers see. */
@DemoTest
class OperationsTests {

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
    void runsDedicated() throws Exception {
        assertThat(demo.get("/actuator/weft").json().at("/runtimes/main/mode").asString()).isEqualTo("dedicated");
    }

    @Test
    void requestsAreTasksOfTheRuntime() throws Exception {
        long before = spawned();
        for (int i = 0; i < 20; i++) {
            demo.get("/sources");
        }

        // Not 20: Tomcat lets one task serve the next request of a connection when it comes quickly.
        assertThat(spawned() - before).isGreaterThanOrEqualTo(5);
    }

    @Test
    void thePoolIsResizedOverHttp() throws Exception {
        assertThat(demo.post("/actuator/weftblocking/main", "{\"maxThreads\": 17}").status()).isBetween(200, 299);
        assertThat(demo.get("/actuator/weft").json().at("/runtimes/main/metrics/blocking/main/maxThreads").asInt())
                .isEqualTo(17);
        DemoClient.Answer refused = demo.post("/actuator/weftblocking/main", "{\"maxThreads\": 0}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body()).contains("0");
    }

    @Test
    void drainingTakesReadinessAwayAndCanBeUndone() throws Exception {
        try {
            assertThat(demo.post("/actuator/weftshutdown/main", "{}").status()).isEqualTo(202);
            assertThat(demo.get("/actuator/health/readiness").status()).isEqualTo(503);
            assertThat(demo.get("/actuator/health/liveness").status()).isEqualTo(200);
            assertThat(demo.get("/quotes/tea").status()).isEqualTo(200);
        } finally {
            demo.delete("/actuator/weftshutdown/main");
        }
        assertThat(demo.get("/actuator/health/readiness").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "/actuator/health", "/actuator/health/liveness", "/actuator/health/readiness", "/actuator/info",
        "/actuator/prometheus", "/actuator/weft", "/actuator/weft/main", "/actuator/wefttasks",
        "/actuator/weftblocking", "/actuator/weftblocking/main", "/actuator/weftshutdown/main"
    })
    void endpointIsThere(String path) throws Exception {
        assertThat(demo.get(path).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/app.js", "/style.css", "/favicon.svg"})
    void thePageIsServedAndLoadsNothingFromElsewhere(String path) throws Exception {
        DemoClient.Answer answer = demo.get(path);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().replace("http://www.w3.org/2000/svg", "")).doesNotContain("http://", "https://",
                "src=\"//");
    }

    private long spawned() throws Exception {
        JsonNode metrics = demo.get("/actuator/weft").json().at("/runtimes/main/metrics");
        return metrics.at("/spawned").asLong();
    }
}
