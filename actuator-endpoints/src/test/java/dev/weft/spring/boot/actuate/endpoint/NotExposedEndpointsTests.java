/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.actuate.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.spring.boot.actuate.Http;
import dev.weft.spring.boot.actuate.TestApplication;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

/** An application that says nothing about Weft or Actuator, except that health details are shown. */
@SpringBootTest(
        classes = TestApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT, properties = "management.endpoint.health.show-details=always")
@Timeout(60)
class NotExposedEndpointsTests {

    private final Http http;

    NotExposedEndpointsTests(@LocalServerPort int port) {
        http = new Http(port);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "weft", "weft/main", "wefttasks", "wefttasks/1", "weftblocking", "weftblocking/main",
                "weftshutdown/main"
            })
    void endpointsAreNotFound(String path) {
        assertThat(http.get(path).status()).isEqualTo(404);
        assertThat(http.post(path, "{}").status()).isEqualTo(404);
        assertThat(http.delete(path).status()).isEqualTo(404);
    }

    @Test
    void healthShowsTheOnlyRuntime() {
        Http.Answer health = http.get("health");
        assertThat(health.status()).isEqualTo(200);
        assertThat(health.<String>at("$.components.weft.status")).isEqualTo("UP");
        assertThat(health.<String>at("$.components.weft.details.name")).isEqualTo("main");
        assertThat(health.<String>at("$.components.weft.details.mode")).isEqualTo("dedicated");
        assertThat(health.<String>at("$.components.weft.details.modeReason")).isNotBlank();
        assertThat(health.<String>at("$.components.weft.details.state")).isEqualTo("running");
    }
}
