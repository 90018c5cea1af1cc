/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.actuate.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.WeftRuntime;
import dev.weft.spring.RuntimeLifecycle;
import dev.weft.spring.RuntimePhase;
import dev.weft.spring.boot.actuate.Http;
import dev.weft.spring.boot.actuate.TestApplication;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Exposed, with the access that the endpoints have by themselves. */
@SpringBootTest(
        classes = TestApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT, properties = "management.endpoints.web.exposure.include=*")
@Timeout(60)
class ReadOnlyEndpointsTests {

    private final Http http;

    @Autowired
    private WeftRuntime runtime;

    @Autowired
    private RuntimeLifecycle lifecycle;

    ReadOnlyEndpointsTests(@LocalServerPort int port) {
        http = new Http(port);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "weft",
                "weft/main",
                "wefttasks",
                "wefttasks?group=stack",
                "weftblocking",
                "weftblocking/main",
                "weftshutdown",
                "weftshutdown/main"
            })
    void readingIsAllowed(String path) {
        assertThat(http.get(path).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"weft/main, workers", "weftblocking/main, maxThreads", "weftshutdown/main, nothing"})
    void writingIsNot(String path, String setting) {
        assertThat(http.post(path, "{\"" + setting + "\": 3}").status()).isEqualTo(405);
    }

    @ParameterizedTest
    @ValueSource(strings = {"wefttasks/1", "weftshutdown/main"})
    void deletingIsNot(String path) {
        assertThat(http.delete(path).status()).isEqualTo(405);
    }

    @Test
    void nothingHasChangedAfterwards() {
        http.post("weftblocking/main", "{\"maxThreads\": 3}");
        http.post("weftshutdown/main", "{}");
        assertThat(runtime.metrics().blocking().get("main").maxThreads()).isEqualTo(512);
        assertThat(lifecycle.phase(runtime)).isEqualTo(RuntimePhase.RUNNING);
    }
}
