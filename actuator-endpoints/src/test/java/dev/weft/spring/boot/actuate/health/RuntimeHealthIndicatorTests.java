/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.actuate.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.WeftRuntime;
import dev.weft.spring.RuntimeLifecycle;
import dev.weft.spring.WeftRuntimes;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

@Timeout(60)
class RuntimeHealthIndicatorTests {

    private final WeftRuntime runtime = WeftRuntime.builder().name("orders").workerThreads(1).build();
    private final RuntimeLifecycle lifecycle = new RuntimeLifecycle(new WeftRuntimes(List.of(runtime)), event -> {},
            null);
    private final RuntimeHealthIndicator indicator = new RuntimeHealthIndicator(runtime, lifecycle);

    @AfterEach
    void close() {
        runtime.close();
    }

    @Test
    void isUpWhileItRuns() {
        lifecycle.start();
        Health health = indicator.health();
        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(health.getDetails())
                .containsEntry("name", "orders")
                .containsEntry("mode", "dedicated")
                .containsEntry("state", "running")
                .containsKey("modeReason");
    }

    @Test
    void isOutOfServiceWhileItDrainsAndAfterItStopped() {
        lifecycle.start();
        lifecycle.drain(runtime);
        assertThat(indicator.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        assertThat(indicator.health().getDetails()).containsEntry("state", "draining");
        lifecycle.stop();
        assertThat(indicator.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        assertThat(indicator.health().getDetails()).containsEntry("state", "stopped");
    }

    @Test
    void isDownWhenSomebodyElseClosedIt() {
        lifecycle.start();
        runtime.close();
        assertThat(indicator.health().getStatus()).isEqualTo(Status.DOWN);
        assertThat(indicator.health().getDetails()).containsEntry("state", "closed");
    }
}
