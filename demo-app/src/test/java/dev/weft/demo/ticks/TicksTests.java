/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.ticks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.demo.DemoApplication;
import dev.weft.demo.DemoClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** With an application of their own, because they stop it. */
@Timeout(120)
class TicksTests {

    private ConfigurableApplicationContext application;
    private DemoClient demo;

    @BeforeEach
    void start() {
        application = SpringApplication.run(
                DemoApplication.class, "--server.port=0", "--spring.datasource.url=jdbc:h2:mem:ticks");
        demo = new DemoClient(application.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
    }

    @AfterEach
    void stop() {
        demo.close();
        application.close();
    }

    @Test
    void ticksComeAtTheirInterval() throws Exception {
        long start = System.nanoTime();
        List<JsonNode> ticks = events("/ticks?every=100ms").limit(5).toList();
        long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);

        assertThat(ticks).extracting(tick -> tick.at("/number").asLong()).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(took).isBetween(390L, 10_000L);
    }

    @Test
    void streamsEndWhenTheApplicationStops() throws Exception {
        HttpResponse<Stream<String>> response = demo.lines("/ticks?every=50ms");
        CompletableFuture<Long> read = CompletableFuture.supplyAsync(() -> response.body().count());
        await().until(() -> application.getBean(TickStreams.class).openStreams() == 1);

        long start = System.nanoTime();
        application.close();
        long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);

        assertThat(read.get(5, TimeUnit.SECONDS)).as("lines until a clean end").isPositive();
        assertThat(took).as("an open stream does not hold the shutdown up").isLessThan(10_000);
    }

    @Test
    void theTaskEndsWhenTheReaderLeaves() throws Exception {
        DemoClient reader = new DemoClient(
                application.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
        reader.lines("/ticks?every=20ms");
        TickStreams streams = application.getBean(TickStreams.class);
        await().until(() -> streams.openStreams() == 1);

        reader.close();

        await().atMost(Duration.ofSeconds(10)).until(() -> streams.openStreams() == 0);
    }

    @Test
    void intervalsOutOfRangeAreProblems() throws Exception {
        assertThat(demo.get("/ticks?every=1ms").json().at("/allowed").asString()).isEqualTo("10 ms to 60000 ms");
        assertThat(demo.get("/ticks?every=2m").status()).isEqualTo(400);
    }

    private Stream<JsonNode> events(String path) throws Exception {
        JsonMapper json = new JsonMapper();
        return demo.lines(path).body()
                .filter(line -> line.startsWith("data:"))
                .map(line -> json.readTree(line.substring("data:".length())));
    }
}
