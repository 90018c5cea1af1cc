/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.WeftRuntime;
import dev.weft.spring.RuntimeLifecycle;
import dev.weft.spring.RuntimePhase;
import dev.weft.spring.TaskSpawner;
import dev.weft.task.JoinHandle;
import dev.weft.task.TaskCancelledException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.annotation.DirtiesContext.HierarchyMode;
import org.springframework.test.context.TestContextManager;

/** Framework 7 pauses a cached test context when a test class with another one begins, and restarts it for its next. */
@Timeout(60)
class PausedContextsTests {

    @Test
    void alternatingTestContextsArePausedAndGoOn() throws Exception {
        try (Use first = new Use(First.class)) {
            assertThat(first.spawner().spawn(() -> "first").join()).isEqualTo("first");
            WeftRuntime runtime = first.spawner().runtime();
            JoinHandle<Void> background = first.spawner().spawn(() -> Thread.sleep(60_000));
            first.end();

            try (Use second = new Use(Second.class)) {
                assertThat(first.phase()).isEqualTo(RuntimePhase.STOPPED);
                assertThatThrownBy(background::join).isInstanceOf(TaskCancelledException.class);
                assertThat(second.spawner().runtime()).isNotSameAs(runtime);
                assertThat(second.spawner().spawn(() -> "second").join()).isEqualTo("second");
                second.end();

                Use firstAgain = new Use(First.class);
                assertThat(second.phase()).isEqualTo(RuntimePhase.STOPPED);
                assertThat(firstAgain.phase()).isEqualTo(RuntimePhase.RUNNING);
                assertThat(firstAgain.spawner().runtime()).isSameAs(runtime);
                assertThat(firstAgain.spawner().spawn(() -> "first again").join()).isEqualTo("first again");
                firstAgain.end();

                Use secondAgain = new Use(Second.class);
                assertThat(secondAgain.spawner().spawn(() -> "second again").join()).isEqualTo("second again");
                secondAgain.end();
            }
        }
    }

    @Test
    void aPausedContextCanBeClosed() {
        ConfigurableApplicationContext context = context();
        WeftRuntime runtime = context.getBean(WeftRuntime.class);
        context.pause();
        JoinHandle<Void> spawnedWhilePaused = runtime.spawn(() -> Thread.sleep(60_000));
        long began = System.nanoTime();
        context.close();
        assertThat(runtime.state()).isEqualTo(WeftRuntime.State.CLOSED);
        assertThat(spawnedWhilePaused.isCancelled()).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void aContextThatWasStoppedCanBeStarted() throws Exception {
        try (ConfigurableApplicationContext context = context()) {
            context.stop();
            assertThat(context.getBean(RuntimeLifecycle.class).isRunning()).isFalse();
            context.start();
            assertThat(context.getBean(RuntimeLifecycle.class).isRunning()).isTrue();
            assertThat(context.getBean(TaskSpawner.class).spawn(() -> "alive").join()).isEqualTo("alive");
        }
    }

    private static ConfigurableApplicationContext context() {
        return new SpringApplication(Application.class).run("--spring.main.banner-mode=off");
    }

    /** What the test framework does for a test class. */
    private static final class Use implements AutoCloseable {

        private final TestContextManager manager;

        /** Kept, because asking the test framework for it restarts it. */
        private final ConfigurableApplicationContext context;

        Use(Class<?> testClass) throws Exception {
            manager = new TestContextManager(testClass);
            manager.beforeTestClass();
            context = (ConfigurableApplicationContext) manager.getTestContext().getApplicationContext();
        }

        TaskSpawner spawner() {
            return context.getBean(TaskSpawner.class);
        }

        RuntimePhase phase() {
            return context.getBean(RuntimeLifecycle.class).phase(spawner().runtime());
        }

        void end() throws Exception {
            manager.afterTestClass();
        }

        @Override
        public void close() {
            manager.getTestContext().markApplicationContextDirty(HierarchyMode.EXHAUSTIVE);
        }
    }

    @SpringBootTest(classes = Application.class, properties = {"which=first",
        "weft.runtime.shutdown.grace-period=100ms"})
    static class First {}

    @SpringBootTest(classes = Application.class, properties = "which=second")
    static class Second {}

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(WeftAutoConfiguration.class)
    static class Application {}
}
