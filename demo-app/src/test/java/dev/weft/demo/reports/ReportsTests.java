/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.reports;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.demo.DemoClient;
import dev.weft.demo.DemoTest;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

@DemoTest
class ReportsTests {

    @LocalServerPort
    private int port;

    @Autowired
    private ReportRepository repository;

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
    void aReportIsStoredWithItsFiguresWhenTheAnswerGoesOut() throws Exception {
        demo.get("/quotes/warm-up?deadline=5s");

        DemoClient.Answer answer = demo.post("/reports", "{\"item\": \"tea pot\"}");

        assertThat(answer.status()).isEqualTo(201);
        UUID id = UUID.fromString(answer.json().at("/id").asString());
        Report stored = repository.find(id).orElseThrow();
        assertThat(stored.item()).isEqualTo("tea pot");
        assertThat(stored.asked()).isEqualTo(3);
        assertThat(stored.answered()).isEqualTo(1);
        assertThat(stored.figures()).extracting(Figure::name)
                .containsExactly(
                        "price.best", "price.median", "price.mean", "price.highest",
                        "forecast.p05", "forecast.p50", "forecast.p95");
        assertThat(stored.figures()).allSatisfy(figure -> assertThat(figure.amount()).isPositive());
    }

    @Test
    void aStoredReportIsReadAsJsonTextAndCsv() throws Exception {
        String id = demo.post("/reports", "{\"item\": \"kettle\"}").json().at("/id").asString();

        JsonNode json = demo.get("/reports/" + id).json();
        DemoClient.Answer text = demo.get("/reports/" + id + "/text");
        DemoClient.Answer csv = demo.get("/reports/" + id + "/csv");

        assertThat(json.at("/item").asString()).isEqualTo("kettle");
        assertThat(text.contentType()).startsWith("text/plain");
        assertThat(text.body()).isEqualTo(json.at("/text").asString()).contains("Price report: kettle");
        assertThat(csv.contentType()).startsWith("text/csv");
        assertThat(csv.body().lines()).hasSize(1 + json.at("/figures").size());
    }

    @Test
    void theNewestReportIsListedFirst() throws Exception {
        demo.post("/reports", "{\"item\": \"older\"}");
        String newest = demo.post("/reports", "{\"item\": \"newer\"}").json().at("/id").asString();

        JsonNode list = demo.get("/reports?limit=2").json();

        assertThat(list).hasSize(2);
        assertThat(list.at("/0/id").asString()).isEqualTo(newest);
    }

    @Test
    void wrongOrdersAreProblemsAndStoreNothing() throws Exception {
        long before = repository.count();

        assertThat(demo.post("/reports", "{\"item\": \"<b>\"}").json().at("/field").asString()).isEqualTo("item");
        assertThat(demo.post("/reports", "{}").json().at("/value").asString()).isEqualTo("null");
        assertThat(demo.post("/reports", "{\"it").status()).isEqualTo(400);
        assertThat(demo.get("/reports?limit=0").json().at("/allowed").asString()).isEqualTo("1 to 200");
        assertThat(demo.get("/reports/" + new UUID(0, 0)).status()).isEqualTo(404);
        assertThat(demo.get("/reports/first").json().at("/allowed").asString()).isEqualTo("a UUID");
        assertThat(repository.count()).isEqualTo(before);
    }
}
