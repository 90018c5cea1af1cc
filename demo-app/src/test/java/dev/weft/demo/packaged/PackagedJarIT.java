/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.demo.DemoClient;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class PackagedJarIT {

    @TempDir
    private Path directory;

    @Test
    void javaJarRunsDedicatedWithoutAnyFlagAndKeepsReportsAcrossRestarts() throws Exception {
        String report;
        try (DemoProcess process = DemoProcess.start(directory);
                DemoClient demo = new DemoClient(process.port())) {
            assertThat(demo.get("/actuator/weft").json().at("/runtimes/main/mode").asString())
                    .isEqualTo("dedicated");
            assertThat(demo.get("/quotes/espresso?deadline=2s").json().at("/best/price").isNumber()).isTrue();
            report = demo.post("/reports", "{\"item\": \"espresso\"}").json().at("/id").asString();

            process.terminate();

            assertThat(process.awaitExit(60)).isEqualTo(DemoProcess.TERMINATED);
            assertThat(process.log())
                    .contains("runtime 'main' shut down in")
                    .containsOnlyOnce("accepted requests")
                    .containsPattern("Answered (\\d+) of \\1 accepted requests");
        }
        try (DemoProcess process = DemoProcess.start(directory);
                DemoClient demo = new DemoClient(process.port())) {
            assertThat(demo.get("/reports/" + report).status()).isEqualTo(200);
        }
    }
}
