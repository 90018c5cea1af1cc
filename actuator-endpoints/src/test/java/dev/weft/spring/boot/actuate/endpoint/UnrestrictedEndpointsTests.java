/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.actuate.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.metrics.AdmissionMetrics;
import dev.weft.spring.RuntimeLifecycle;
import dev.weft.spring.TaskSpawner;
import dev.weft.spring.boot.actuate.Http;
import dev.weft.spring.boot.actuate.Http.Answer;
import dev.weft.spring.boot.actuate.TestApplication;
import dev.weft.task.JoinHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Two runtimes, one of them shared, and every operation allowed. */
@SpringBootTest(
        classes = TestApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT, properties = {
            "weft.runtime.worker-threads=2",
            "weft.runtimes.reports.mode=shared",
            "management.endpoints.access.default=unrestricted",
            "management.endpoints.web.exposure.include=*",
            "management.endpoint.health.show-details=always",
            "management.endpoint.health.probes.enabled=true",
            // how an application writes its own JSON is none of Actuator's business
            "spring.jackson.property-naming-strategy=SNAKE_CASE"
        })
@Timeout(60)
class UnrestrictedEndpointsTests {

    private final Http http;
    private final List<JoinHandle<?>> tasks = new ArrayList<>();

    @Autowired
    private TaskSpawner spawner;

    @Autowired
    @Qualifier("reports")
    private TaskSpawner reports;

    @Autowired
    private RuntimeLifecycle lifecycle;

    UnrestrictedEndpointsTests(@LocalServerPort int port) {
        http = new Http(port);
    }

    @AfterEach
    void abortTasks() {
        tasks.forEach(task -> task.abort("the test is over"));
        await().until(() -> tasks.stream().allMatch(JoinHandle::isDone));
    }

    private JoinHandle<Void> sleeping(TaskSpawner spawner, String name) {
        JoinHandle<Void> task = spawner.named(name).tag("kind", "test").spawn(() -> Thread.sleep(60_000));
        tasks.add(task);
        await().until(() -> spawner.runtime().task(task.id())
                .filter(info -> info.state().name().equals("SUSPENDED"))
                .isPresent());
        return task;
    }

    private static void assertProblem(Answer answer, int status, String... words) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.<Integer>at("$.status")).isEqualTo(status);
        assertThat(answer.<String>at("$.detail")).contains(words);
    }

    @Nested
    class Weft {

        @Test
        void showsAllRuntimes() {
            Answer answer = http.get("weft");
            assertThat(answer.<Map<String, Object>>at("$.runtimes")).containsOnlyKeys("main", "reports");
            assertThat(answer.<String>at("$.runtimes.main.mode")).isEqualTo("dedicated");
            assertThat(answer.<String>at("$.runtimes.reports.mode")).isEqualTo("shared");
        }

        @Test
        void showsOneRuntime() {
            Answer answer = http.get("weft/main");
            assertThat(answer.<String>at("$.name")).isEqualTo("main");
            assertThat(answer.<String>at("$.modeReason")).isNotBlank();
            assertThat(answer.<String>at("$.state")).isEqualTo("running");
            assertThat(answer.<String>at("$.phase")).isEqualTo("running");
            assertThat(answer.<String>at("$.socketPollers")).isNotBlank();
            assertThat(answer.<String>at("$.configuration.mode")).isEqualTo("auto");
            assertThat(answer.<String>at("$.configuration.keepAlive")).isEqualTo("while-tasks-live");
            assertThat(answer.<String>at("$.configuration.stallThreshold")).isEqualTo("PT0.01S");
            assertThat(answer.<Integer>at("$.configuration.blocking.maxThreads")).isEqualTo(512);
            assertThat(answer.<String>at("$.configuration.shutdown.gracePeriod")).isEqualTo("PT20S");
            assertThat(answer.<List<?>>at("$.metrics.workers")).hasSizeGreaterThanOrEqualTo(2);
            assertThat(answer.<Integer>at("$.metrics.admission.queueCapacity")).isPositive();
            assertThat(answer.<List<?>>at("$.stalls")).isNotNull();
            assertThat(answer.body()).doesNotContain("dedicatedRecipe");
        }

        @Test
        void showsStallsWithTheirStack() throws Exception {
            spawner.named("busy").spawn(UnrestrictedEndpointsTests::spin).join();
            await().untilAsserted(() -> {
                Answer answer = http.get("weft/main");
                assertThat(answer.<List<?>>at("$.stalls[?(@.taskName == 'busy')]")).isNotEmpty();
                assertThat(answer.<List<String>>at("$.stalls[?(@.taskName == 'busy')].stack[*]"))
                        .anyMatch(frame -> frame.contains("UnrestrictedEndpointsTests.spin"));
            });
        }

        @Test
        void changesLimits() {
            Answer answer = http.post(
                    "weft/main",
                    "{\"workers\": 3, \"maxConcurrentTasks\": 50, \"queueCapacity\": 60, \"waitTimeout\": \"PT7S\"}");
            assertThat(answer.status()).isEqualTo(200);
            AdmissionMetrics admission = spawner.runtime().metrics().admission();
            assertThat(admission.maxConcurrentTasks()).isEqualTo(50);
            assertThat(admission.queueCapacity()).isEqualTo(60);
            assertThat(admission.waitTimeout()).isEqualTo(Duration.ofSeconds(7));
            assertThat(answer.<String>at("$.metrics.admission.waitTimeout")).isEqualTo("PT7S");
            await().untilAsserted(
                    () -> assertThat(spawner.runtime().metrics().workers()).hasSize(3));
            assertThat(http.post(
                    "weft/main",
                    "{\"workers\": 2, \"maxConcurrentTasks\": 0, \"queueCapacity\": 10000,"
                            + " \"waitTimeout\": \"30s\"}")
                    .status())
                    .isEqualTo(200);
        }

        @Test
        void changesAllLimitsOrNone() {
            AdmissionMetrics before = spawner.runtime().metrics().admission();
            Answer answer = http.post("weft/main", "{\"queueCapacity\": 5, \"workers\": 0}");
            assertProblem(answer, 400, "workers is 0", "between 1 and");
            answer = http.post("weft/main", "{\"maxConcurrentTasks\": 7, \"waitTimeout\": \"-1s\"}");
            assertProblem(answer, 400, "waitTimeout", "PT-1S", "between");
            AdmissionMetrics after = spawner.runtime().metrics().admission();
            assertThat(after.queueCapacity()).isEqualTo(before.queueCapacity());
            assertThat(after.maxConcurrentTasks()).isEqualTo(before.maxConcurrentTasks());
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|', value = {
                    "{\"maxConcurrentTasks\": -1} | maxConcurrentTasks | -1",
                    "{\"queueCapacity\": -2}      | queueCapacity      | -2",
                    "{\"workers\": 100000}        | workers            | 100000"
                })
        void refusesValuesOutOfRange(String body, String name, String value) {
            assertProblem(http.post("weft/main", body), 400, name, value, "between");
        }

        @ParameterizedTest
        @ValueSource(strings = {"{}", "{\"worker\": 3}"})
        void refusesToChangeNothing(String body) {
            assertProblem(http.post("weft/main", body), 400, "nothing to change");
        }

        @Test
        void refusesWhatIsNoNumber() {
            assertThat(http.post("weft/main", "{\"workers\": \"many\"}").status()).isEqualTo(400);
            assertThat(http.post("weft/main", "{\"waitTimeout\": \"soon\"}").status()).isEqualTo(400);
        }

        @Test
        void cannotResizeASharedRuntime() {
            assertProblem(http.post("weft/reports", "{\"workers\": 2}"), 409, "dedicated mode");
            assertThat(http.post("weft/reports", "{\"queueCapacity\": 2000}").status()).isEqualTo(200);
            assertThat(http.get("weft/reports").<List<?>>at("$.metrics.workers")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"weft/nobody", "weftblocking/nobody", "weftshutdown/nobody"})
    void anUnknownRuntimeIsNotFound(String path) {
        assertProblem(http.get(path), 404, "'nobody'", "main", "reports");
        assertProblem(http.post(path, "{\"workers\": 1, \"maxThreads\": 1}"), 404, "'nobody'");
    }

    @Nested
    class Blocking {

        @Test
        void showsPools() {
            assertThat(http.get("weftblocking").<Map<String, Object>>at("$.runtimes")).containsOnlyKeys("main",
                    "reports");
            Answer answer = http.get("weftblocking/main");
            assertThat(answer.<String>at("$.runtime")).isEqualTo("main");
            assertThat(answer.<String>at("$.pools.main.whenFull")).isEqualTo("wait");
            assertThat(answer.<String>at("$.pools.main.totalRunTime")).startsWith("PT");
        }

        @Test
        void resizesARunningPoolAndTheMetricsShowIt() throws Exception {
            CountDownLatch release = new CountDownLatch(1);
            try {
                assertThat(http.post("weftblocking/main", "{\"maxThreads\": 3}").status()).isEqualTo(200);
                for (int i = 0; i < 5; i++) {
                    tasks.add(spawner.spawnBlocking(() -> release.await()));
                }
                await().untilAsserted(() -> {
                    Answer answer = http.get("weftblocking/main");
                    assertThat(answer.<Integer>at("$.pools.main.maxThreads")).isEqualTo(3);
                    assertThat(answer.<Integer>at("$.pools.main.threads")).isEqualTo(3);
                    assertThat(answer.<Integer>at("$.pools.main.queued")).isEqualTo(2);
                });
                await().untilAsserted(() -> {
                    assertThat(meter("weft.blocking.threads.max?tag=runtime:main")).isEqualTo(3);
                    assertThat(meter("weft.blocking.threads?tag=runtime:main")).isEqualTo(3);
                    assertThat(meter("weft.blocking.queued?tag=runtime:main")).isEqualTo(2);
                    assertThat(meter("executor.pool.max?tag=name:main-blocking")).isEqualTo(3);
                });
                assertThat(http.post("weftblocking/main", "{\"maxThreads\": 5}").status()).isEqualTo(200);
                await().untilAsserted(() -> assertThat(
                        http.get("weftblocking/main").<Integer>at("$.pools.main.queued"))
                        .isZero());
            } finally {
                release.countDown();
                http.post("weftblocking/main", "{\"maxThreads\": 512}");
            }
        }

        private double meter(String path) {
            return http.get("metrics/" + path).<Double>at("$.measurements[0].value");
        }

        @Test
        void changesAllLimitsOrNone() {
            assertThat(http.post("weftblocking/main", "{\"keepAlive\": \"PT11S\", \"queueCapacity\": 12}").status())
                    .isEqualTo(200);
            assertProblem(
                    http.post("weftblocking/main", "{\"keepAlive\": \"1s\", \"maxThreads\": 0}"),
                    400,
                    "maxThreads",
                    "is 0",
                    "between 1 and");
            Answer answer = http.get("weftblocking/main");
            assertThat(answer.<String>at("$.pools.main.keepAlive")).isEqualTo("PT11S");
            assertThat(answer.<Integer>at("$.pools.main.queueCapacity")).isEqualTo(12);
            assertThat(http.post("weftblocking/main", "{\"keepAlive\": \"10s\", \"queueCapacity\": 10000}").status())
                    .isEqualTo(200);
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|', value = {
                    "{\"maxThreads\": -1}        | maxThreads    | -1",
                    "{\"keepAlive\": \"-2s\"}    | keepAlive     | PT-2S",
                    "{\"queueCapacity\": -3}     | queueCapacity | -3"
                })
        void refusesValuesOutOfRange(String body, String name, String value) {
            assertProblem(http.post("weftblocking/main", body), 400, name, value, "between");
        }
    }

    @Nested
    class Tasks {

        @Test
        void listsTasksOfAllRuntimes() {
            JoinHandle<Void> one = sleeping(spawner, "list-one");
            JoinHandle<Void> other = sleeping(reports, "list-other");
            Answer answer = http.get("wefttasks?name=list-*");
            assertThat(answer.<Integer>at("$.total")).isEqualTo(2);
            assertThat(answer.<Boolean>at("$.truncated")).isFalse();
            assertThat(answer.<List<Number>>at("$.tasks[*].id"))
                    .extracting(Number::longValue)
                    .containsExactly(one.id(), other.id());
            assertThat(answer.<List<String>>at("$.tasks[*].runtime")).containsExactly("main", "reports");
            assertThat(answer.<List<String>>at("$.tasks[*].state")).containsOnly("suspended");
            assertThat(answer.<String>at("$.tasks[0].tags.kind")).isEqualTo("test");
            assertThat(answer.<List<?>>at("$.tasks[*].stack")).isEmpty();
        }

        @Test
        void filters() {
            sleeping(spawner, "filter-one");
            sleeping(reports, "filter-other");
            assertThat(names("runtime=reports&name=filter-*")).containsExactly("filter-other");
            assertThat(names("name=filter-one")).containsExactly("filter-one");
            assertThat(names("name=filter-*&state=suspended")).hasSize(2);
            assertThat(names("name=filter-*&state=queued")).isEmpty();
            assertThat(names("name=filter-*&minAge=1h")).isEmpty();
            assertThat(names("name=filter-*&minAge=PT0S")).hasSize(2);
        }

        private List<String> names(String query) {
            return http.get("wefttasks?" + query).at("$.tasks[*].name");
        }

        @Test
        void pages() {
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                sleeping(spawner, "page-" + i);
                expected.add("page-" + i);
            }
            List<String> seen = new ArrayList<>();
            for (int page = 0; page < 3; page++) {
                seen.addAll(names("name=page-*&size=2&page=" + page));
            }
            assertThat(seen).isEqualTo(expected);
            assertThat(names("name=page-*&size=2&page=3")).isEmpty();
        }

        @Test
        void groupsByStack() {
            for (int i = 0; i < 3; i++) {
                sleeping(spawner, "group-same");
            }
            JoinHandle<Void> different = spawner.named("group-different").spawn(() -> new CountDownLatch(1).await());
            tasks.add(different);
            await().untilAsserted(() -> {
                Answer answer = http.get("wefttasks?group=stack&name=group-*");
                assertThat(answer.<Integer>at("$.tasks")).isEqualTo(4);
                assertThat(answer.<List<Integer>>at("$.groups[*].count")).containsExactly(3, 1);
                assertThat(answer.<List<?>>at("$.groups[0].ids")).hasSize(3);
                assertThat(answer.<List<String>>at("$.groups[0].names")).containsExactly("group-same");
                assertThat(answer.<List<String>>at("$.groups[1].stack"))
                        .anyMatch(frame -> frame.contains("CountDownLatch.await"));
            });
        }

        @Test
        void showsOneTaskWithItsStack() {
            JoinHandle<Void> task = sleeping(reports, "shown");
            Answer answer = http.get("wefttasks/" + task.id());
            assertThat(answer.<String>at("$.name")).isEqualTo("shown");
            assertThat(answer.<String>at("$.runtime")).isEqualTo("reports");
            assertThat(answer.<Boolean>at("$.abortRequested")).isFalse();
            assertThat(answer.<List<String>>at("$.stack")).anyMatch(frame -> frame.contains("Thread.sleep"));
        }

        @Test
        void abortsATask() {
            JoinHandle<Void> task = sleeping(spawner, "doomed");
            JoinHandle<Void> spared = sleeping(spawner, "spared");
            Answer answer = http.delete("wefttasks/" + task.id());
            assertThat(answer.status()).isEqualTo(202);
            assertThat(answer.<Boolean>at("$.abortRequested")).isTrue();
            await().until(task::isDone);
            assertThat(task.isCancelled()).isTrue();
            assertThat(spared.isDone()).isFalse();
            assertProblem(http.delete("wefttasks/" + task.id()), 404, String.valueOf(task.id()));
        }

        @Test
        void anUnknownTaskIsNotFound() {
            assertProblem(http.get("wefttasks/987654321"), 404, "987654321");
            assertProblem(http.delete("wefttasks/987654321"), 404, "987654321");
            assertProblem(http.get("wefttasks?runtime=nobody"), 404, "nobody");
        }

        @ParameterizedTest
        @CsvSource({"size=0, size, 0", "size=5000, size, 5000", "page=-1, page, -1", "group=colour, group, colour"})
        void refusesBadQueries(String query, String name, String value) {
            assertProblem(http.get("wefttasks?" + query), 400, name, value);
        }

        @ParameterizedTest
        @ValueSource(strings = {"wefttasks?state=asleep", "wefttasks?minAge=old", "wefttasks/first"})
        void refusesWhatItCannotRead(String path) {
            assertThat(http.get(path).status()).isEqualTo(400);
        }
    }

    @Nested
    class Shutdown {

        @AfterEach
        void undo() {
            http.delete("weftshutdown/main");
            http.delete("weftshutdown/reports");
        }

        @Test
        void showsThePhaseAndWhatStillRuns() {
            JoinHandle<Void> task = sleeping(spawner, "still-running");
            Answer answer = http.get("weftshutdown/main");
            assertThat(answer.<String>at("$.phase")).isEqualTo("running");
            assertThat(answer.<Integer>at("$.live")).isPositive();
            assertThat(answer.<String>at("$.gracePeriod")).isEqualTo("PT20S");
            assertThat(answer.<List<Number>>at("$.tasks[?(@.name == 'still-running')].id"))
                    .extracting(Number::longValue)
                    .containsExactly(task.id());
            assertThat(http.get("weftshutdown").<String>at("$.runtimes.reports.phase")).isEqualTo("running");
        }

        @Test
        void drainsAtOnceWhileTasksStillSpawn() throws Exception {
            sleeping(spawner, "under-way");
            assertThat(http.get("health/readiness").status()).isEqualTo(200);
            Answer answer = http.post("weftshutdown/main");
            assertThat(answer.status()).isEqualTo(202);
            assertThat(answer.<String>at("$.phase")).isEqualTo("draining");
            assertThat(http.get("health/readiness").status()).isEqualTo(503);
            assertThat(http.get("health/weft").<String>at("$.components.main.status")).isEqualTo("OUT_OF_SERVICE");
            assertThat(http.get("health/weft").<String>at("$.components.reports.status")).isEqualTo("UP");
            assertThat(http.get("weft/main").<String>at("$.phase")).isEqualTo("draining");
            assertThat(spawner.spawn(() -> "needed").join()).isEqualTo("needed");
            assertThat(http.post("weftshutdown/main", "{}").status()).isEqualTo(202);
        }

        @Test
        void undoesADrain() {
            http.post("weftshutdown/main");
            Answer answer = http.delete("weftshutdown/main");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.<String>at("$.phase")).isEqualTo("running");
            assertThat(http.get("health/readiness").status()).isEqualTo(200);
        }

        @Test
        void cannotUndoTheFinalPhase() {
            http.post("weftshutdown/main");
            lifecycle.stop();
            try {
                assertProblem(http.delete("weftshutdown/main"), 409, "main", "stopped");
                Answer answer = http.post("weftshutdown/main");
                assertThat(answer.status()).isEqualTo(202);
                assertThat(answer.<String>at("$.phase")).isEqualTo("stopped");
            } finally {
                lifecycle.start();
            }
        }
    }

    /** Keeps its worker busy for longer than the stall threshold. */
    private static void spin() {
        long end = System.nanoTime() + Duration.ofMillis(300).toNanos();
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }
}
