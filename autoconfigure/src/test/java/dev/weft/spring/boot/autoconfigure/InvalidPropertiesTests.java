/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.DedicatedModeUnavailableException;
import java.lang.reflect.Constructor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@ExtendWith(OutputCaptureExtension.class)
@Timeout(60)
class InvalidPropertiesTests {

    @ParameterizedTest
    @CsvSource({
        "worker-threads, 0, 0",
        "worker-threads, 5000, 5000",
        "stall-threshold, 0ms, PT0S",
        "max-spare-workers, -2, -2",
        "max-concurrent-tasks, -3, -3",
        "queue-capacity, -4, -4",
        "wait-timeout, -5s, PT-5S",
        "blocking.max-threads, 0, 0",
        "blocking.keep-alive, -6s, PT-6S",
        "blocking.queue-capacity, -7, -7",
        "blocking.wait-timeout, -8s, PT-8S",
        "shutdown.grace-period, -9s, PT-9S",
        "shutdown.abort-period, -10s, PT-10S"
    })
    void valueOutOfRangeIsExplained(String key, String value, String text, CapturedOutput output) {
        assertThatThrownBy(() -> start(Empty.class, "weft.runtime." + key + "=" + value));
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("Invalid value '" + value + "' for configuration property 'weft.runtime." + key + "'")
                .contains("is " + text + ", but must be between")
                .contains("Choose a value in that range, or remove the property to get the default.");
    }

    @Test
    void propertyOfNamedRuntimeIsNamedInFull(CapturedOutput output) {
        assertThatThrownBy(() -> start(Empty.class, "weft.runtimes.reports.blocking.max-threads=0"));
        assertThat(output).contains("Invalid value '0' for configuration property"
                + " 'weft.runtimes.reports.blocking.max-threads'");
    }

    @Test
    void unusableNameIsExplained(CapturedOutput output) {
        assertThatThrownBy(() -> start(Empty.class, "weft.runtimes[my/reports].worker-threads=2"));
        assertThat(output).contains("APPLICATION FAILED TO START").contains("name is 'my/reports', but must be");
    }

    @Test
    void mainIsReserved(CapturedOutput output) {
        assertThatThrownBy(() -> start(Empty.class, "weft.runtimes.main.worker-threads=2"));
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("configuration property 'weft.runtimes.main'")
                .contains("reserved")
                .contains("weft.runtime.*");
    }

    @Test
    void unreadableValueIsExplainedByBoot(CapturedOutput output) {
        assertThatThrownBy(() -> start(Empty.class, "weft.runtime.when-full=panic"));
        assertThat(output).contains("weft.runtime.when-full").contains("panic").contains("CALLER_RUNS");
    }

    @Test
    void valueOfCustomizerIsNotBlamedOnTheProperty(CapturedOutput output) {
        assertThatThrownBy(() -> start(BadCustomizer.class, "weft.runtime.worker-threads=2"))
                .rootCause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("workerThreads is -1");
        assertThat(output).doesNotContain("'weft.runtime.worker-threads'");
    }

    private static FailureAnalysis analysis(String reason, String recipe) throws Exception {
        Constructor<DedicatedModeUnavailableException> constructor = DedicatedModeUnavailableException.class
                .getDeclaredConstructor(String.class, String.class);
        constructor.setAccessible(true);
        Throwable failure = new IllegalStateException(constructor.newInstance(reason, recipe));
        FailureAnalysis analysis = new DedicatedModeUnavailableFailureAnalyzer().analyze(failure);
        assertThat(analysis).isNotNull();
        return analysis;
    }

    @Test
    void aFailedSelfTestIsNotBlamedOnAMissingFlag() throws Exception {
        FailureAnalysis analysis = analysis("a check failed, adding the flag does not help", null);
        assertThat(analysis.getDescription()).contains("a check failed, adding the flag does not help");
        assertThat(analysis.getAction()).contains("less busy").contains("weft.runtime.mode").doesNotContain("add this");
    }

    @Test
    void missingDedicatedModeIsExplained() throws Exception {
        FailureAnalysis analysis = analysis("it is closed", "open it");
        assertThat(analysis.getDescription()).contains("'dedicated'").contains("it is closed");
        assertThat(analysis.getAction()).contains("open it").contains("weft.runtime.mode");
    }

    @Test
    void otherFailuresAreLeftToOtherAnalyzers() {
        assertThat(new DedicatedModeUnavailableFailureAnalyzer().analyze(new IllegalStateException("other"))).isNull();
    }

    private static void start(Class<?> configuration, String property) {
        SpringApplication application = new SpringApplication(configuration);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.run("--spring.main.banner-mode=off", "--" + property);
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(WeftAutoConfiguration.class)
    static class Empty {}

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(WeftAutoConfiguration.class)
    static class BadCustomizer {
        @Bean
        WeftRuntimeCustomizer customizer() {
            return (name, builder) -> builder.workerThreads(-1);
        }
    }
}
