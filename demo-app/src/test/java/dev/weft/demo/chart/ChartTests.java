/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.chart;

import static dev.weft.demo.chart.Chart.at;
import static dev.weft.demo.chart.Chart.only;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.Yaml;

@EnabledOnOs(value = OS.LINUX, architectures = "amd64", disabledReason = "Helm's native library is on the class path for this platform only")
class ChartTests {

    private static final Consumer<TemplateCommand> DEFAULTS = template -> {};
    private static final Consumer<TemplateCommand> EVERYTHING = template -> template.set("serviceMonitor.enabled", true)
            .set("prometheusRule.enabled", true)
            .set("dashboards.enabled", true)
            .set("database.url", "jdbc:h2:mem:shared")
            .set("database.existingSecret", "shop-database")
            .set("image.pullSecrets[0]", "registry")
            .set("nodeSelector.disk", "fast")
            .set("podAnnotations.team", "prices")
            .set("podLabels.tier", "web")
            .set("tolerations[0].key", "spot")
            .set("tolerations[0].operator", "Exists")
            .set("env[0].name", "TZ")
            .set("env[0].value", "UTC");

    private final StrictParser parser = new StrictParser();

    @Test
    void lintsStrictly() {
        LintResult lint = Chart.lint();

        assertThat(lint.isFailed()).as("%s", lint.getMessages()).isFalse();
    }

    @Test
    void rendersWhatARunningDemoNeedsAndNothingElse() {
        assertThat(Chart.render(DEFAULTS)).extracting(document -> document.get("kind"))
                .containsExactlyInAnyOrder("ConfigMap", "Service", "Deployment");
    }

    @Test
    void rendersTheExtrasWhenAsked() {
        assertThat(Chart.render(EVERYTHING)).extracting(document -> document.get("kind"))
                .containsExactlyInAnyOrder(
                        "ConfigMap", "ConfigMap", "Service", "Deployment", "ServiceMonitor", "PrometheusRule");
    }

    @ParameterizedTest
    @CsvSource({"1.20.2", "1.33.0"})
    void everyManifestParsesStrictly(String kubernetes) {
        assertThat(Chart.render(kubernetes, EVERYTHING)).allSatisfy(
                manifest -> assertThat(parser.complaints(manifest)).as("%s", manifest.get("kind")).isEmpty());
        assertThat(Chart.render(kubernetes, DEFAULTS)).allSatisfy(
                manifest -> assertThat(parser.complaints(manifest)).as("%s", manifest.get("kind")).isEmpty());
    }

    @Test
    @SuppressWarnings("unchecked")
    void strictParsingSeesAMisspeltFieldAndAWrongType() {
        Map<String, Object> misspelt = deployment(DEFAULTS);
        spec(misspelt).put("replicaz", 3);
        Map<String, Object> wrongType = deployment(DEFAULTS);
        ((Map<String, Object>) at(container(wrongType), "ports", 0)).put("containerPort", "eighty");
        Map<String, Object> misspeltMonitor = only("ServiceMonitor", Chart.render(EVERYTHING));
        ((Map<String, Object>) at(misspeltMonitor, "spec", "endpoints", 0)).put("intervall", "15s");

        assertThat(parser.complaints(misspelt)).isNotEmpty();
        assertThat(parser.complaints(wrongType)).isNotEmpty();
        assertThat(parser.complaints(misspeltMonitor)).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "replicaCount, -1",
        "replicaCount, many",
        "image.repository, ''",
        "image.pullPolicy, Sometimes",
        "image.name, weft-demo",
        "service.type, External",
        "service.port, 70000",
        "java.options[0], -Da b",
        "weft.mode, fast",
        "weft.workerThreads, 0",
        "weft.blocking.maxThreads, 0",
        "shutdown.webServerSeconds, 0",
        "shutdown.gracePeriod, 20s",
        "database.url, postgres://db/shop",
        "resources.limits.memory, lots",
        "tmp.sizeLimit, 1 GB",
        "serviceMonitor.interval, often",
        "serviceMonitor.enabled, perhaps",
        "replicas, 2"
    })
    void valuesOutOfRangeAreRefused(String value, String wrong) {
        assertThatThrownBy(() -> Chart.render(template -> template.set(value, wrong)))
                .hasMessageContaining("values don't meet the specifications of the schema");
    }

    @Test
    void killComesAfterEveryPhaseOfTheShutdown() {
        assertThat(terminationGrace(DEFAULTS)).isEqualTo(60).isGreaterThan(5 + 20 + 20 + 5);
        assertThat(terminationGrace(template -> template.set("shutdown.gracePeriodSeconds", 120)))
                .isGreaterThan(5 + 20 + 120 + 5);
        assertThatThrownBy(() -> Chart.render(template -> template.set("shutdown.terminationGracePeriodSeconds", 50)))
                .hasMessageContaining("is 50, allowed: more than 50");
        assertThat(terminationGrace(template -> template.set("shutdown.terminationGracePeriodSeconds", 51)))
                .isEqualTo(51);
    }

    @Test
    void phasesOfTheShutdownReachTheApplication() {
        Map<?, ?> settings = settings(template -> template.set("shutdown.webServerSeconds", 7)
                .set("shutdown.gracePeriodSeconds", 8)
                .set("shutdown.abortPeriodSeconds", 9));

        assertThat(at(settings, "spring", "lifecycle", "timeout-per-shutdown-phase")).isEqualTo("7s");
        assertThat(at(settings, "weft", "runtime", "shutdown", "grace-period")).isEqualTo("8s");
        assertThat(at(settings, "weft", "runtime", "shutdown", "abort-period")).isEqualTo("9s");
    }

    @Test
    void ownConfigurationAddsToTheChartsAndWins() {
        Map<?, ?> settings = settings(template -> template.set("config.demo.quotes.deadline", "1s")
                .set("config.weft.runtime.stall-threshold", "50ms")
                .set("config.weft.runtime.mode", "auto")
                .set("weft.workerThreads", 3));

        assertThat(at(settings, "demo", "quotes", "deadline")).isEqualTo("1s");
        assertThat(at(settings, "weft", "runtime", "stall-threshold")).isEqualTo("50ms");
        assertThat(at(settings, "weft", "runtime", "mode")).isEqualTo("auto");
        assertThat(at(settings, "weft", "runtime", "worker-threads")).isEqualTo(3);
    }

    @Test
    void runsAsNobodyOnAReadOnlyRootWithATmp() {
        Map<String, Object> deployment = deployment(DEFAULTS);

        assertThat(at(pod(deployment), "securityContext", "runAsNonRoot")).isEqualTo(true);
        assertThat(at(container(deployment), "securityContext", "readOnlyRootFilesystem")).isEqualTo(true);
        assertThat(at(container(deployment), "securityContext", "allowPrivilegeEscalation")).isEqualTo(false);
        assertThat(at(container(deployment), "securityContext", "capabilities", "drop")).isEqualTo(List.of("ALL"));
        assertThat(at(container(deployment), "volumeMounts").toString()).contains("mountPath=/tmp");
        assertThat(at(pod(deployment), "volumes").toString()).contains("name=tmp, emptyDir=");
        assertThat(at(settings(DEFAULTS), "spring", "datasource", "url").toString()).contains(":/tmp/");
        assertThat(at(container(deployment), "resources", "limits", "memory")).isEqualTo("512Mi");
    }

    @Test
    void opensJavaLangForDedicatedMode() {
        Map<String, Object> deployment = deployment(template -> template.set("java.options[0]", "-Xss1m"));

        assertThat(environment(deployment).get("JDK_JAVA_OPTIONS"))
                .isEqualTo("--add-opens=java.base/java.lang=ALL-UNNAMED --enable-native-access=ALL-UNNAMED -Xss1m");
    }

    @Test
    void probesAskTheirGroups() {
        Object container = container(deployment(DEFAULTS));

        assertThat(at(container, "livenessProbe", "httpGet", "path")).isEqualTo("/actuator/health/liveness");
        assertThat(at(container, "startupProbe", "httpGet", "path")).isEqualTo("/actuator/health/liveness");
        assertThat(at(container, "readinessProbe", "httpGet", "path")).isEqualTo("/actuator/health/readiness");
    }

    @Test
    void waitsBeforeSigtermInTheWayTheClusterKnows() {
        assertThat(at(container(only("Deployment", Chart.render("1.33.0", DEFAULTS))), "lifecycle", "preStop"))
                .isEqualTo(Map.of("sleep", Map.of("seconds", 5)));
        assertThat(at(container(only("Deployment", Chart.render("1.20.2", DEFAULTS))), "lifecycle", "preStop"))
                .isEqualTo(Map.of("exec", Map.of("command", List.of("sleep", "5"))));
    }

    @Test
    void changedConfigurationRollsThePods() {
        Object before = at(deployment(DEFAULTS), "spec", "template", "metadata", "annotations", "checksum/config");
        Object after = at(
                deployment(template -> template.set("weft.blocking.maxThreads", 9)),
                "spec", "template", "metadata", "annotations", "checksum/config");

        assertThat(after).isNotEqualTo(before);
    }

    @Test
    void selectorsKeepAcrossChartVersions() {
        assertThat(at(deployment(DEFAULTS), "spec", "selector", "matchLabels"))
                .isEqualTo(Map.of("app.kubernetes.io/name", "weft-demo", "app.kubernetes.io/instance", "shop"));
        assertThat(at(only("Service", Chart.render(DEFAULTS)), "spec", "selector"))
                .isEqualTo(at(deployment(DEFAULTS), "spec", "selector", "matchLabels"));
    }

    private static Map<String, Object> deployment(Consumer<TemplateCommand> values) {
        return only("Deployment", Chart.render(values));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> spec(Map<String, Object> document) {
        return (Map<String, Object>) at(document, "spec");
    }

    private static Object pod(Map<String, Object> deployment) {
        return at(deployment, "spec", "template", "spec");
    }

    private static Object container(Map<String, Object> deployment) {
        return at(pod(deployment), "containers", 0);
    }

    private static int terminationGrace(Consumer<TemplateCommand> values) {
        return (Integer) at(pod(deployment(values)), "terminationGracePeriodSeconds");
    }

    private static Map<?, ?> settings(Consumer<TemplateCommand> values) {
        Object text = at(only("ConfigMap", Chart.render(values)), "data", "application.yaml");
        return new Yaml().load(text.toString());
    }

    private static Map<String, String> environment(Map<String, Object> deployment) {
        Map<String, String> environment = new LinkedHashMap<>();
        for (Object variable : (List<?>) at(container(deployment), "env")) {
            if (variable instanceof Map<?, ?> map && map.containsKey("value")) {
                environment.put(String.valueOf(map.get("name")), String.valueOf(map.get("value")));
            }
        }
        return environment;
    }
}
