/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.TaskExecutor;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/** Boot's executors, and the application's own, are what they would be without Weft. */
@Timeout(60)
class BootExecutorsTests {

    private final ApplicationContextRunner withoutWeft = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    TaskExecutionAutoConfiguration.class, TaskSchedulingAutoConfiguration.class));

    private final ApplicationContextRunner withWeft = withoutWeft
            .withConfiguration(AutoConfigurations.of(WeftAutoConfiguration.class));

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void applicationTaskExecutorAndTaskSchedulerStay(boolean virtualThreads) {
        withWeft.withUserConfiguration(Scheduled.class)
                .withPropertyValues("spring.threads.virtual.enabled=" + virtualThreads)
                .run(context -> {
                    assertThat(context).hasBean("applicationTaskExecutor");
                    assertThat(context).hasBean("taskScheduler");
                    assertThat(context).hasSingleBean(TaskScheduler.class);
                    assertThat(context.getBean("bootstrapExecutor"))
                            .isSameAs(context.getBean("applicationTaskExecutor"));
                });
    }

    @Test
    void injectionByTypeFindsBootsExecutorOnly() {
        withWeft.withUserConfiguration(ByType.class).run(context -> {
            ByType injected = context.getBean(ByType.class);
            assertThat(injected.executor).isSameAs(context.getBean("applicationTaskExecutor"));
            assertThat(injected.unique.getIfUnique()).isSameAs(context.getBean("applicationTaskExecutor"));
            assertThat(context.getBean(Executor.class)).isSameAs(context.getBean("applicationTaskExecutor"));
            assertThat(injected.weft).isSameAs(context.getBean("weftTaskExecutor"));
        });
    }

    @Test
    void weftTaskExecutorRunsTasksWhenAskedForByName() {
        withWeft.withUserConfiguration(AsyncBean.class)
                .run(context -> assertThat(context.getBean(AsyncBean.class).onWeft().get())
                        .isEqualTo("runner of main"));
    }

    @Test
    void asyncWithoutNameUsesBootsExecutor() {
        assertSameThread(AsyncBean.class);
    }

    @Test
    void asyncBehavesAsBeforeWithUsersTaskExecutor() {
        assertSameThread(OwnTaskExecutor.class, AsyncBean.class);
    }

    @Test
    void asyncBehavesAsBeforeWithUsersPlainExecutor() {
        assertSameThread(OwnExecutorService.class, AsyncBean.class);
    }

    @Test
    void asyncBehavesAsBeforeWithSeveralExecutorsOfTheUser() {
        assertSameThread(OwnTaskExecutor.class, OwnExecutorService.class, AsyncBean.class);
    }

    @Test
    void usersExecutorStillSwitchesBootsOff() {
        withWeft.withUserConfiguration(OwnExecutorService.class).run(context -> {
            assertThat(context).doesNotHaveBean("applicationTaskExecutor");
            assertThat(context.getBean(Executor.class)).isSameAs(context.getBean("mine"));
            assertThat(context).doesNotHaveBean(TaskExecutor.class);
        });
    }

    private void assertSameThread(Class<?>... configuration) {
        String[] threads = new String[2];
        withoutWeft.withUserConfiguration(configuration).run(context -> threads[0] = defaultThread(context));
        withWeft.withUserConfiguration(configuration).run(context -> threads[1] = defaultThread(context));
        assertThat(threads[0]).isNotNull().isEqualTo(threads[1]);
    }

    private static String defaultThread(AssertableApplicationContext context) throws Exception {
        return context.getBean(AsyncBean.class).byDefault().get();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableScheduling
    static class Scheduled {}

    @Configuration(proxyBeanMethods = false)
    static class ByType {

        @Autowired
        Executor executor;

        @Autowired
        ObjectProvider<Executor> unique;

        @Autowired
        @Qualifier("weftTaskExecutor")
        Executor weft;
    }

    @EnableAsync
    static class AsyncBean {

        @Async
        public CompletableFuture<String> byDefault() {
            return CompletableFuture.completedFuture(Thread.currentThread().getName().replaceAll("\\d+$", ""));
        }

        @Async("weftTaskExecutor")
        public CompletableFuture<String> onWeft() {
            return CompletableFuture
                    .completedFuture(dev.weft.Task.current().isPresent() ? "runner of main" : "no task");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnTaskExecutor {
        @Bean
        ThreadPoolTaskExecutor pool() {
            return new ThreadPoolTaskExecutor();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnExecutorService {
        @Bean
        ExecutorService mine() {
            return Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("mine").factory());
        }
    }
}
