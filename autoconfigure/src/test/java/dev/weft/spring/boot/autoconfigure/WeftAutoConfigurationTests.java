/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.KeepAlive;
import dev.weft.Mode;
import dev.weft.RuntimeConfig;
import dev.weft.SocketPollers;
import dev.weft.WeftRuntime;
import dev.weft.spring.RuntimeLifecycle;
import dev.weft.spring.TaskSpawner;
import dev.weft.spring.WeftRuntimes;
import dev.weft.task.WhenFull;
import jakarta.annotation.PreDestroy;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

@Timeout(60)
class WeftAutoConfigurationTests {

    private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(WeftAutoConfiguration.class));

    @Test
    void createsRuntimeSpawnerAndLifecycle() {
        contextRunner.run(context -> {
            assertThat(context).hasSingleBean(WeftRuntime.class);
            assertThat(context.getBean(WeftRuntime.class).name()).isEqualTo("main");
            assertThat(context.getBean(TaskSpawner.class).spawn(() -> 1 + 1).join()).isEqualTo(2);
            assertThat(context.getBean(WeftRuntimes.class).all()).containsExactly(context.getBean(WeftRuntime.class));
            assertThat(context.getBean(RuntimeLifecycle.class).isRunning()).isTrue();
        });
    }

    @Test
    void testsOfThisModuleRunDedicated() {
        contextRunner.run(context -> assertThat(context.getBean(WeftRuntime.class).mode()).isEqualTo(Mode.DEDICATED));
    }

    @Test
    void createsNothingWhenDisabled() {
        contextRunner.withPropertyValues("weft.enabled=false", "weft.runtimes.reports.worker-threads=1")
                .run(context -> {
                    assertThat(context).doesNotHaveBean(WeftRuntime.class);
                    assertThat(context).doesNotHaveBean(TaskSpawner.class);
                    assertThat(context).doesNotHaveBean(WeftRuntimes.class);
                    assertThat(context).doesNotHaveBean(RuntimeLifecycle.class);
                    assertThat(context).doesNotHaveBean(Executor.class);
                });
    }

    @Test
    void propertiesHaveTheDefaultsOfTheBuilder() {
        try (WeftRuntime plain = WeftRuntime.create()) {
            contextRunner.run(
                    context -> assertThat(context.getBean(WeftRuntime.class).config()).isEqualTo(plain.config()));
        }
    }

    @Test
    void everyPropertyReachesTheRuntime() {
        contextRunner
                .withPropertyValues(
                        "weft.runtime.mode=shared",
                        "weft.runtime.worker-threads=3",
                        "weft.runtime.stall-threshold=20ms",
                        "weft.runtime.max-spare-workers=5",
                        "weft.runtime.max-concurrent-tasks=7",
                        "weft.runtime.queue-capacity=8",
                        "weft.runtime.wait-timeout=9s",
                        "weft.runtime.when-full=caller-runs",
                        "weft.runtime.keep-alive=never",
                        "weft.runtime.socket-pollers=weft",
                        "weft.runtime.blocking.max-threads=10",
                        "weft.runtime.blocking.keep-alive=11s",
                        "weft.runtime.blocking.queue-capacity=12",
                        "weft.runtime.blocking.when-full=reject",
                        "weft.runtime.blocking.wait-timeout=13s",
                        "weft.runtime.shutdown.grace-period=14s",
                        "weft.runtime.shutdown.abort-period=15s")
                .run(context -> assertThat(context.getBean(WeftRuntime.class).config())
                        .isEqualTo(new RuntimeConfig(
                                "main",
                                Mode.SHARED,
                                3,
                                Duration.ofMillis(20),
                                5,
                                7,
                                8,
                                Duration.ofSeconds(9),
                                WhenFull.CALLER_RUNS,
                                10,
                                Duration.ofSeconds(11),
                                12,
                                WhenFull.REJECT,
                                Duration.ofSeconds(13),
                                Duration.ofSeconds(14),
                                Duration.ofSeconds(15),
                                KeepAlive.NEVER,
                                SocketPollers.WEFT)));
    }

    @Test
    void backsOffForUsersRuntime() {
        contextRunner.withUserConfiguration(OwnRuntime.class).run(context -> {
            assertThat(context).hasSingleBean(WeftRuntime.class);
            assertThat(context.getBean(TaskSpawner.class).runtime()).isSameAs(context.getBean("own"));
            assertThat(context.getBean(WeftRuntimes.class).find("own")).isPresent();
        });
    }

    @Test
    void leavesTheChoiceToTheUserWhenThereAreSeveralRuntimes() {
        contextRunner.withUserConfiguration(OwnRuntime.class, OtherRuntime.class).run(context -> {
            assertThat(context).doesNotHaveBean(TaskSpawner.class);
            assertThat(context).doesNotHaveBean("weftTaskExecutor");
            assertThat(context.getBean(WeftRuntimes.class).all())
                    .extracting(WeftRuntime::name)
                    .containsExactly("own", "other");
        });
    }

    @Test
    void refusesRuntimesOfTheSameName() {
        contextRunner
                .withUserConfiguration(OwnRuntime.class)
                .withPropertyValues("weft.runtimes.own.worker-threads=1")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("two runtimes are named 'own'")
                        .hasMessageContaining("WeftRuntime.builder().name(..)"));
    }

    @Test
    void backsOffForUsersSpawner() {
        contextRunner.withUserConfiguration(OwnSpawner.class).run(context -> {
            assertThat(context).hasSingleBean(TaskSpawner.class);
            assertThat(context).hasBean("ownSpawner");
        });
    }

    @Test
    void backsOffForUsersLifecycleRegistryAndExecutor() {
        contextRunner.withUserConfiguration(OwnInfrastructure.class).run(context -> {
            assertThat(context).getBeanNames(WeftRuntimes.class).containsExactly("ownRuntimes");
            assertThat(context).getBeanNames(RuntimeLifecycle.class).containsExactly("ownLifecycle");
            assertThat(context.getBean("weftTaskExecutor")).isSameAs(OwnInfrastructure.EXECUTOR);
        });
    }

    @Test
    void customizersComeAfterThePropertiesAndInOrder() {
        contextRunner
                .withUserConfiguration(Customizers.class)
                .withPropertyValues("weft.runtime.worker-threads=1", "weft.runtimes.reports.worker-threads=1")
                .run(context -> {
                    assertThat(context.getBean(Customizers.class).calls)
                            .containsExactlyInAnyOrder("first main", "second main", "first reports", "second reports")
                            .containsSubsequence("first main", "second main")
                            .containsSubsequence("first reports", "second reports");
                    assertThat(context.getBean(WeftRuntime.class).config().workerThreads()).isEqualTo(3);
                });
    }

    @Test
    void namedRuntimesAreIsolatedAndFoundByQualifier() {
        contextRunner
                .withUserConfiguration(Injected.class)
                .withPropertyValues("weft.runtimes.reports.worker-threads=1", "weft.runtimes.reports.mode=shared")
                .run(context -> {
                    Injected injected = context.getBean(Injected.class);
                    assertThat(injected.byType.runtime().name()).isEqualTo("main");
                    assertThat(injected.main.runtime()).isSameAs(injected.byType.runtime());
                    assertThat(injected.reports.runtime().name()).isEqualTo("reports");
                    assertThat(injected.reports.runtime().mode()).isEqualTo(Mode.SHARED);
                    assertThat(injected.runtime.name()).isEqualTo("main");
                    assertThat(injected.reportsRuntime).isSameAs(injected.reports.runtime());
                    assertThat(context.getBean("reportsTaskSpawner")).isSameAs(injected.reports);
                    assertThat(context.getBean(WeftRuntimes.class).all())
                            .extracting(WeftRuntime::name)
                            .containsExactly("main", "reports");
                });
    }

    @Test
    void namedRuntimesHaveTheSameDefaultsAndNothingOfTheMainOne() {
        contextRunner
                .withPropertyValues("weft.runtime.queue-capacity=5", "weft.runtimes.reports.worker-threads=1")
                .run(context -> assertThat(context.getBean("reportsWeftRuntime", WeftRuntime.class)
                        .config()
                        .queueCapacity())
                        .isEqualTo(10_000));
    }

    @Test
    void namedRuntimesBackOffForUsersBeansOfTheSameName() {
        contextRunner
                .withUserConfiguration(OwnReportsSpawner.class)
                .withPropertyValues("weft.runtimes.reports.worker-threads=1")
                .run(context -> assertThat(context.getBean("reportsTaskSpawner", TaskSpawner.class)
                        .runtime()
                        .name())
                        .isEqualTo("main"));
    }

    @Test
    void threadsHaveTheClassLoaderOfTheApplication() throws Exception {
        try (URLClassLoader loader = new URLClassLoader(new URL[0], getClass().getClassLoader())) {
            contextRunner.withClassLoader(loader).run(context -> {
                TaskSpawner spawner = context.getBean(TaskSpawner.class);
                assertThat(spawner.spawn(() -> Thread.currentThread().getContextClassLoader()).join()).isSameAs(loader);
                assertThat(spawner.spawnBlocking(() -> Thread.currentThread().getContextClassLoader()).join())
                        .isSameAs(loader);
            });
        }
    }

    @Test
    void closesRuntimesWhenTheContextIsClosedAfterTheBeansThatUseThem() {
        AtomicReference<WeftRuntime> main = new AtomicReference<>();
        AtomicReference<WeftRuntime> reports = new AtomicReference<>();
        AtomicReference<LateSpawner> late = new AtomicReference<>();
        contextRunner
                .withUserConfiguration(LateSpawner.class)
                .withPropertyValues("weft.runtimes.reports.worker-threads=1")
                .run(context -> {
                    main.set(context.getBean(WeftRuntime.class));
                    reports.set(context.getBean("reportsWeftRuntime", WeftRuntime.class));
                    late.set(context.getBean(LateSpawner.class));
                });
        assertThat(late.get().result).isEqualTo("spawned while destroyed");
        assertThat(main.get().state()).isEqualTo(WeftRuntime.State.CLOSED);
        assertThat(reports.get().state()).isEqualTo(WeftRuntime.State.CLOSED);
    }

    @Test
    void aNameIsEnoughForARuntimeWithDefaults() {
        contextRunner
                .withPropertyValues("weft.runtimes.reports=")
                .run(context -> assertThat(context.getBean("reportsTaskSpawner", TaskSpawner.class)
                        .spawn(() -> "reported")
                        .join())
                        .isEqualTo("reported"));
    }

    @Test
    void lazyInitializationStillDrains() {
        contextRunner
                .withInitializer(context -> context.addBeanFactoryPostProcessor(
                        new LazyInitializationBeanFactoryPostProcessor()))
                .run(context -> assertThat(context.getBean(RuntimeLifecycle.class).isRunning()).isTrue());
    }

    @Test
    void aChildContextUsesTheRuntimesOfItsParent() {
        ApplicationContextRunner withReports = contextRunner
                .withPropertyValues("weft.runtimes.reports.worker-threads=1");
        withReports.run(parent -> withReports.withParent(parent).run(child -> {
            assertThat(child.getBean(WeftRuntime.class)).isSameAs(parent.getBean(WeftRuntime.class));
            assertThat(child.getBean("reportsWeftRuntime")).isSameAs(parent.getBean("reportsWeftRuntime"));
            child.close();
            assertThat(parent.getBean(TaskSpawner.class).spawn(() -> "alive").join()).isEqualTo("alive");
        }));
    }

    @Test
    void twoContextsHaveRuntimesOfTheirOwn() {
        contextRunner.run(first -> contextRunner.run(second -> {
            WeftRuntime one = first.getBean(WeftRuntime.class);
            WeftRuntime other = second.getBean(WeftRuntime.class);
            assertThat(one).isNotSameAs(other);
            second.close();
            assertThat(other.state()).isEqualTo(WeftRuntime.State.CLOSED);
            assertThat(one.spawn(() -> "alive").join()).isEqualTo("alive");
        }));
    }

    @Test
    void aTaskCanCloseItsOwnContext() {
        contextRunner.run(context -> {
            TaskSpawner spawner = context.getBean(TaskSpawner.class);
            long began = System.nanoTime();
            spawner.spawn(() -> context.close()).join();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnRuntime {
        @Bean
        WeftRuntime own() {
            return WeftRuntime.builder().name("own").build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OtherRuntime {
        @Bean
        WeftRuntime other() {
            return WeftRuntime.builder().name("other").build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnSpawner {
        @Bean
        TaskSpawner ownSpawner(WeftRuntime runtime) {
            return TaskSpawner.of(runtime);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnReportsSpawner {
        @Bean(defaultCandidate = false)
        TaskSpawner reportsTaskSpawner(WeftRuntime runtime) {
            return TaskSpawner.of(runtime);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnInfrastructure {

        static final Executor EXECUTOR = Runnable::run;

        @Bean
        WeftRuntimes ownRuntimes(WeftRuntime runtime) {
            return new WeftRuntimes(List.of(runtime));
        }

        @Bean
        RuntimeLifecycle ownLifecycle(WeftRuntimes runtimes) {
            return new RuntimeLifecycle(runtimes, event -> {}, null);
        }

        @Bean
        Executor weftTaskExecutor() {
            return EXECUTOR;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Customizers {

        final List<String> calls = new ArrayList<>();

        @Bean
        @Order(2)
        WeftRuntimeCustomizer second() {
            return (name, builder) -> {
                calls.add("second " + name);
                builder.workerThreads(3);
            };
        }

        @Bean
        @Order(1)
        WeftRuntimeCustomizer first() {
            return (name, builder) -> {
                calls.add("first " + name);
                builder.workerThreads(2);
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Injected {

        @Autowired
        TaskSpawner byType;

        @Autowired
        @Qualifier("main")
        TaskSpawner main;

        @Autowired
        @Qualifier("reports")
        TaskSpawner reports;

        @Autowired
        WeftRuntime runtime;

        @Autowired
        @Qualifier("reports")
        WeftRuntime reportsRuntime;
    }

    static class LateSpawner {

        private final TaskSpawner spawner;
        String result = "";

        LateSpawner(TaskSpawner spawner) {
            this.spawner = spawner;
        }

        @PreDestroy
        void destroy() throws InterruptedException {
            result = spawner.spawn(() -> "spawned while destroyed").join();
        }
    }
}
