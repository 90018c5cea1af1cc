/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.rescue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.benchmarks.engine.driver.Groups;
import dev.weft.benchmarks.engine.driver.Shape;
import dev.weft.benchmarks.engine.peer.Workload;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RescueShapesTests {

    private final Threads threads = new Threads();

    @AfterEach
    void closeThreads() {
        threads.close();
    }

    @Test
    void peersOnTheJvmHaveTheShapesThatTheDriverAsksFor() {
        assertThat(RescueShapes.of(threads).keySet())
                .containsExactlyElementsOf(Groups.named("rescue").shapes().stream()
                        .map(Shape::name)
                        .toList());
    }

    @Test
    void oneEpisodeOfEachShapeEndsOnAPeerThatIsNeverHeld() throws Exception {
        for (Map.Entry<String, Workload> shape : RescueShapes.of(threads).entrySet()) {
            assertThat(shape.getValue().timed().run(1)).as(shape.getKey()).isPositive();
        }
    }

    @Test
    void peerThatStaysHeldStarvesAndIsReleased() {
        threads.limitTo(RescuePeer.WORKERS);

        assertThatThrownBy(() -> new Episode(threads).spawnBeside(Hold.inCpuLoop()))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageStartingWith("starves");
    }

    /** Platform threads: as many as are asked for, or a fixed number. */
    private static final class Threads implements RescuePeer {

        private ExecutorService executor = Executors.newCachedThreadPool();

        void limitTo(int count) {
            executor.close();
            executor = Executors.newFixedThreadPool(count);
        }

        @Override
        public void spawn(Body body) {
            executor.submit(() -> {
                body.run();
                return 0;
            });
        }

        @Override
        public void sleep(Duration time) throws InterruptedException {
            Thread.sleep(time);
        }

        @Override
        public void close() {
            executor.close();
        }
    }
}
