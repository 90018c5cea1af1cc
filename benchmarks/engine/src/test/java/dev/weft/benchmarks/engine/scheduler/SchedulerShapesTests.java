/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.benchmarks.engine.driver.Groups;
import dev.weft.benchmarks.engine.driver.Shape;
import dev.weft.benchmarks.engine.peer.Workload;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SchedulerShapesTests {

    private final VirtualThreadPeer peer = new VirtualThreadPeer();
    private final Map<String, Workload> shapes = SchedulerShapes.of(peer);

    @AfterEach
    void closePeer() {
        peer.close();
    }

    @Test
    void peersOnTheJvmHaveTheShapesThatTheDriverAsksFor() {
        assertThat(shapes.keySet())
                .containsExactlyInAnyOrderElementsOf(Groups.named("scheduler").shapes().stream()
                        .map(Shape::name)
                        .toList());
    }

    @Test
    void oneIterationOfEachShapeEnds() throws Exception {
        for (Map.Entry<String, Workload> shape : shapes.entrySet()) {
            if (!shape.getKey().contains("busy")) {
                assertThat(shape.getValue().timed().run(1)).as(shape.getKey()).isPositive();
            }
        }
    }
}
