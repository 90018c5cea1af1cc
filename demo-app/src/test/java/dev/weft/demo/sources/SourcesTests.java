/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.sources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.demo.DemoClient;
import dev.weft.demo.DemoTest;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;

@DemoTest
class SourcesTests {

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
    void listsThemAsConfigured() throws Exception {
        var list = demo.get("/sources").json();

        assertThat(list).hasSize(3);
        assertThat(list.at("/1/name").asString()).isEqualTo("tardy");
        assertThat(list.at("/1/latencyMillis").asLong()).isEqualTo(20_000);
        assertThat(list.at("/1/simulated").asBoolean()).isTrue();
    }

    @Test
    void requestsReplaceTheConfiguredBehaviour() throws Exception {
        long start = System.nanoTime();
        assertThat(demo.get("/sources/tardy/tea?latency=150ms&jitter=0").status()).isEqualTo(200);
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isBetween(150L, 10_000L);

        assertThat(demo.get("/sources/broken/tea?failureRate=0").status()).isEqualTo(200);
        assertThat(demo.get("/sources/quick/tea?failureRate=1").status()).isEqualTo(503);
    }

    @Test
    void wrongBehaviourIsAProblem() throws Exception {
        assertThat(demo.get("/sources/quick/tea?latency=31s").json().at("/allowed").asString())
                .isEqualTo("0 ms to 30000 ms");
        assertThat(demo.get("/sources/quick/tea?failureRate=1.5").json().at("/allowed").asString())
                .isEqualTo("0 to 1");
        assertThat(demo.get("/sources/quick/tea?failureRate=NaN").status()).isEqualTo(400);
        assertThat(demo.get("/sources/nobody/tea").status()).isEqualTo(404);
    }
}
