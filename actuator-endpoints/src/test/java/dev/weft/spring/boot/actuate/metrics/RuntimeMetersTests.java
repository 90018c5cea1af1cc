/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.actuate.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.Mode;
import dev.weft.WeftRuntime;
import dev.weft.spring.WeftRuntimes;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RuntimeMetersTests {

    private final MockClock clock = new MockClock();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);
    private final List<WeftRuntime> runtimes = new ArrayList<>();

    @AfterEach
    void close() {
        runtimes.forEach(runtime -> runtime.shutdown(Duration.ZERO, Duration.ofSeconds(1)));
    }

    private WeftRuntime runtime(String name, Mode mode) {
        WeftRuntime runtime = WeftRuntime.builder().name(name).mode(mode).workerThreads(2).blockingMaxThreads(4)
                .build();
        runtimes.add(runtime);
        return runtime;
    }

    private RuntimeMeters bind(MeterRegistry registry) {
        RuntimeMeters meters = new RuntimeMeters(new WeftRuntimes(runtimes));
        meters.bindTo(registry);
        return meters;
    }

    @Test
    void countsTasksOfEachRuntime() throws Exception {
        WeftRuntime main = runtime("main", Mode.DEDICATED);
        runtime("other", Mode.DEDICATED);
        RuntimeMeters meters = bind(registry);
        for (int i = 0; i < 5; i++) {
            main.spawn(() -> "done").join();
        }
        await().untilAsserted(() -> {
            clock.add(Duration.ofSeconds(1));
            assertThat(count("weft.tasks.completed", "runtime", "main")).isEqualTo(5);
        });
        assertThat(count("weft.tasks.spawned", "runtime", "main")).isEqualTo(5);
        assertThat(count("weft.tasks.spawned", "runtime", "other")).isZero();
        assertThat(count("executor.completed", "name", "main")).isEqualTo(5);
        assertThat(registry.get("executor.pool.size").tag("name", "main").gauge().value()).isEqualTo(2);
        assertThat(registry.get("executor.queue.remaining").tag("name", "main").gauge().value()).isEqualTo(10_000);
        assertThat(meters).isNotNull();
    }

    @Test
    void aScrapeSeesOneMomentAndTheNextOneAnother() throws Exception {
        WeftRuntime main = runtime("main", Mode.DEDICATED);
        RuntimeMeters meters = bind(registry);
        assertThat(count("weft.tasks.spawned", "runtime", "main")).isZero();
        main.spawn(() -> "done").join();
        await().until(() -> main.metrics().completed() == 1);
        clock.add(Duration.ofMillis(499));
        assertThat(count("weft.tasks.spawned", "runtime", "main")).isZero();
        assertThat(count("weft.tasks.completed", "runtime", "main")).isZero();
        clock.add(Duration.ofMillis(1));
        assertThat(count("weft.tasks.completed", "runtime", "main")).isEqualTo(1);
        assertThat(count("weft.tasks.spawned", "runtime", "main")).isEqualTo(1);
        assertThat(meters).isNotNull();
    }

    @Test
    void metersOutliveACollection() throws Exception {
        WeftRuntime main = runtime("main", Mode.DEDICATED);
        RuntimeMeters meters = bind(registry);
        main.spawn(() -> "done").join();
        System.gc();
        clock.add(Duration.ofSeconds(1));
        assertThat(count("weft.tasks.spawned", "runtime", "main")).isEqualTo(1);
        assertThat(registry.get("weft.workers").gauge().value()).isEqualTo(2);
        assertThat(meters).isNotNull();
    }

    @Test
    void timesBlockingJobs() throws Exception {
        WeftRuntime main = runtime("main", Mode.DEDICATED);
        RuntimeMeters meters = bind(registry);
        main.spawnBlocking(() -> Thread.sleep(50)).join();
        await().untilAsserted(() -> {
            clock.add(Duration.ofSeconds(1));
            FunctionTimer time = registry.get("weft.blocking.run.time")
                    .tags("runtime", "main", "pool", "main")
                    .functionTimer();
            assertThat(time.count()).isEqualTo(1);
            assertThat(time.totalTime(TimeUnit.MILLISECONDS)).isGreaterThanOrEqualTo(49);
        });
        assertThat(registry.get("weft.blocking.run.time.max").timeGauge().value(TimeUnit.MILLISECONDS))
                .isGreaterThanOrEqualTo(49);
        assertThat(registry.get("weft.blocking.threads.max").gauge().value()).isEqualTo(4);
        assertThat(registry.get("executor.pool.max").tag("name", "main-blocking").gauge().value()).isEqualTo(4);
        assertThat(count("weft.blocking.submitted", "runtime", "main")).isEqualTo(1);
        assertThat(meters).isNotNull();
    }

    @Test
    void workersHaveMetersOfTheirOwnAndTakeThemAlong() {
        WeftRuntime main = runtime("main", Mode.DEDICATED);
        RuntimeMeters meters = bind(registry);
        assertThat(workers()).containsExactlyInAnyOrder("0", "1");
        main.resizeWorkers(4);
        await().untilAsserted(() -> {
            scrape();
            assertThat(workers()).containsExactlyInAnyOrder("0", "1", "2", "3");
        });
        main.resizeWorkers(1);
        await().untilAsserted(() -> {
            scrape();
            assertThat(workers()).containsExactly("0");
        });
        assertThat(meters).isNotNull();
    }

    @Test
    void sharedRuntimesHaveNoWorkerMeters() {
        runtime("shared", Mode.SHARED);
        RuntimeMeters meters = bind(registry);
        assertThat(registry.getMeters())
                .extracting(meter -> meter.getId().getName())
                .noneMatch(name -> name.startsWith("weft.worker") || name.startsWith("weft.stalls"))
                .doesNotContain("weft.spare.workers", "weft.takeovers", "weft.guests", "weft.injection.queue.depth")
                .contains("weft.tasks.live", "weft.timers.live", "weft.admission.running", "weft.blocking.threads");
        assertThat(registry.find("executor.pool.size").tag("name", "shared").gauge()).isNull();
        assertThat(registry.get("weft.mode").tag("mode", "shared").gauge().value()).isEqualTo(1);
        assertThat(meters).isNotNull();
    }

    @Test
    void prometheusScrapesWhileWorkersComeAndGo() {
        WeftRuntime main = runtime("main", Mode.DEDICATED);
        runtime("shared", Mode.SHARED);
        PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        RuntimeMeters meters = bind(prometheus);
        assertThat(prometheus.scrape())
                .contains("weft_tasks_live_tasks{runtime=\"main\"}", "weft_tasks_live_tasks{runtime=\"shared\"}")
                .contains("weft_worker_parks_total{runtime=\"main\",worker=\"1\"}");
        main.resizeWorkers(3);
        await().pollDelay(Duration.ofMillis(600)).untilAsserted(() -> {
            prometheus.scrape();
            assertThat(prometheus.scrape()).contains("weft_worker_parks_total{runtime=\"main\",worker=\"2\"}");
        });
        main.resizeWorkers(2);
        await().pollDelay(Duration.ofMillis(600)).untilAsserted(() -> {
            prometheus.scrape();
            assertThat(prometheus.scrape()).doesNotContain("worker=\"2\"");
        });
        assertThat(meters).isNotNull();
    }

    @Test
    void everyMeterHasADescriptionAndBoundedTags() {
        runtime("main", Mode.DEDICATED);
        RuntimeMeters meters = bind(registry);
        assertThat(registry.getMeters()).extracting(Meter::getId).allSatisfy(id -> {
            assertThat(id.getDescription()).as(id.getName()).isNotBlank();
            assertThat(id.getTags())
                    .as(id.getName())
                    .extracting(tag -> tag.getKey())
                    .allMatch(Set.of("runtime", "worker", "pool", "name", "mode")::contains);
        });
        assertThat(meters).isNotNull();
    }

    private double count(String name, String tag, String value) {
        return registry.get(name).tag(tag, value).functionCounter().count();
    }

    private void scrape() {
        clock.add(Duration.ofSeconds(1));
        registry.getMeters().forEach(meter -> meter.measure().forEach(measurement -> measurement.getValue()));
    }

    private Set<String> workers() {
        return registry.find("weft.worker.slices").meters().stream()
                .map(meter -> meter.getId().getTag("worker"))
                .collect(Collectors.toSet());
    }
}
