/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.quotes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.demo.DemoClient;
import dev.weft.demo.DemoTest;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

@DemoTest
class QuotesTests {

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
    void returnsWhatCameAndNamesWhatDidNot() throws Exception {
        demo.get("/quotes/warm-up?deadline=5s");

        DemoClient.Answer answer = demo.get("/quotes/tea%20pot?deadline=2s");

        JsonNode body = answer.json();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(body.at("/item").asString()).isEqualTo("tea pot");
        assertThat(body.at("/best/source").asString()).isEqualTo("quick");
        assertThat(body.at("/best/price").decimalValue()).isPositive();
        assertThat(body.at("/quotes")).hasSize(1);
        assertThat(body.at("/missing")).hasSize(2);
        assertThat(body.at("/missing/0/source").asString()).isEqualTo("tardy");
        assertThat(body.at("/missing/0/reason").asString()).isEqualTo("late");
        assertThat(body.at("/missing/0/message").asString()).contains("2000 ms");
        assertThat(body.at("/missing/1/source").asString()).isEqualTo("broken");
        assertThat(body.at("/missing/1/reason").asString()).isEqualTo("failed");
        assertThat(body.at("/missing/1/message").asString()).contains("503");
        assertThat(body.at("/deadlineMillis").asLong()).isEqualTo(2000);
        assertThat(body.at("/tookMillis").asLong()).isBetween(2000L, 4000L);
    }

    @Test
    void abortsTheLateOnes() throws Exception {
        demo.get("/quotes/tea?deadline=50ms");

        await().atMost(Duration.ofSeconds(5)).untilAsserted(
                () -> assertThat(demo.get("/actuator/wefttasks?name=quote").json().at("/total").asInt()).isZero());
    }

    @Test
    void answersWithoutABestPriceWhenNobodyIsInTime() throws Exception {
        JsonNode body = demo.get("/quotes/tea?deadline=1ms").json();

        assertThat(body.at("/best").isNull()).isTrue();
        assertThat(body.at("/missing").size() + body.at("/quotes").size()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "/quotes/tea?deadline=0ms  | deadline | 0 ms     | 1 ms to 10000 ms",
        "/quotes/tea?deadline=11s  | deadline | 11000 ms | 1 ms to 10000 ms",
        "/quotes/tea?deadline=soon | deadline | soon     | a duration such as 250ms or 2s",
        "/quotes/%3Ctea%3E         | item     | <tea>    | 1 to 64 letters, digits, spaces and . _ -, starting with a letter or digit"
    })
    void wrongInputIsAProblemThatNamesValueAndRange(String path, String field, String value, String allowed)
            throws Exception {
        DemoClient.Answer answer = demo.get(path);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.contentType()).startsWith("application/problem+json");
        assertThat(answer.json().at("/field").asString()).isEqualTo(field);
        assertThat(answer.json().at("/value").asString()).isEqualTo(value);
        assertThat(answer.json().at("/allowed").asString()).isEqualTo(allowed);
        assertThat(answer.json().at("/detail").asString()).contains(field, value, allowed);
    }
}
