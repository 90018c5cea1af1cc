/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.weft.task.WhenFull;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class BuilderTests {

    private static final Duration NEGATIVE = Duration.ofNanos(-1);
    private static final Duration TOO_LONG = Duration.ofDays(366);

    @RegisterExtension
    final Runtimes runtimes = new Runtimes();

    private static Arguments bad(String names, Object value, UnaryOperator<WeftRuntime.Builder> with) {
        return argumentSet(names + " " + value, names, String.valueOf(value), with);
    }

    static Stream<Arguments> valuesOutOfRange() {
        String longName = "x".repeat(65);
        return Stream.of(
                bad("name", "", b -> b.name("")),
                bad("name", " ", b -> b.name(" ")),
                bad("name", "two words", b -> b.name("two words")),
                bad("name", "-dash", b -> b.name("-dash")),
                bad("name", "a/b", b -> b.name("a/b")),
                bad("name", "line\nbreak", b -> b.name("line\nbreak")),
                bad("name", longName, b -> b.name(longName)),
                bad("workerThreads", 0, b -> b.workerThreads(0)),
                bad("workerThreads", -1, b -> b.workerThreads(-1)),
                bad("workerThreads", 1025, b -> b.workerThreads(1025)),
                bad("workerThreads", Integer.MIN_VALUE, b -> b.workerThreads(Integer.MIN_VALUE)),
                bad("stallThreshold", "PT0S", b -> b.stallThreshold(Duration.ZERO)),
                bad("stallThreshold", "PT0.000999S", b -> b.stallThreshold(Duration.ofNanos(999_000))),
                bad("stallThreshold", NEGATIVE, b -> b.stallThreshold(NEGATIVE)),
                bad("stallThreshold", "PT1M1S", b -> b.stallThreshold(Duration.ofSeconds(61))),
                bad("maxSpareWorkers", -1, b -> b.maxSpareWorkers(-1)),
                bad("maxSpareWorkers", 10_001, b -> b.maxSpareWorkers(10_001)),
                bad("maxConcurrentTasks", -1, b -> b.maxConcurrentTasks(-1)),
                bad("queueCapacity", -1, b -> b.queueCapacity(-1)),
                bad("waitTimeout", NEGATIVE, b -> b.waitTimeout(NEGATIVE)),
                bad("waitTimeout", TOO_LONG, b -> b.waitTimeout(TOO_LONG)),
                bad("blocking.max-threads", 0, b -> b.blockingMaxThreads(0)),
                bad("blocking.max-threads", -5, b -> b.blockingMaxThreads(-5)),
                bad("blocking.max-threads", 65_537, b -> b.blockingMaxThreads(65_537)),
                bad("blocking.keep-alive", NEGATIVE, b -> b.blockingKeepAlive(NEGATIVE)),
                bad("blocking.keep-alive", TOO_LONG, b -> b.blockingKeepAlive(TOO_LONG)),
                bad("blocking.queue-capacity", -1, b -> b.blockingQueueCapacity(-1)),
                bad("blocking.wait-timeout", NEGATIVE, b -> b.blockingWaitTimeout(NEGATIVE)),
                bad("blocking.wait-timeout", TOO_LONG, b -> b.blockingWaitTimeout(TOO_LONG)),
                bad("shutdownGracePeriod", NEGATIVE, b -> b.shutdownGracePeriod(NEGATIVE)),
                bad("shutdownGracePeriod", TOO_LONG, b -> b.shutdownGracePeriod(TOO_LONG)),
                bad("shutdownAbortPeriod", NEGATIVE, b -> b.shutdownAbortPeriod(NEGATIVE)),
                bad("shutdownAbortPeriod", TOO_LONG, b -> b.shutdownAbortPeriod(TOO_LONG)));
    }

    @ParameterizedTest
    @MethodSource("valuesOutOfRange")
    void aValueOutOfRangeIsRefusedNamingItAndItsRange(
            String what, String value, UnaryOperator<WeftRuntime.Builder> with) {
        assertThatThrownBy(() -> with.apply(
                WeftRuntime.builder().name("refused").keepAlive(KeepAlive.ALWAYS))
                .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(what)
                .hasMessageContaining(value)
                .hasMessageContaining("must be");
        assertThat(Thread.getAllStackTraces().keySet()).noneMatch(t -> t.getName().startsWith("weft-refused"));
    }

    static Stream<Arguments> nulls() {
        return Stream.<Consumer<WeftRuntime.Builder>>of(
                b -> b.name(null),
                b -> b.mode(null),
                b -> b.stallThreshold(null),
                b -> b.waitTimeout(null),
                b -> b.whenFull(null),
                b -> b.blockingKeepAlive(null),
                b -> b.blockingWhenFull(null),
                b -> b.blockingWaitTimeout(null),
                b -> b.shutdownGracePeriod(null),
                b -> b.shutdownAbortPeriod(null),
                b -> b.keepAlive(null),
                b -> b.socketPollers(null),
                b -> b.taskListener(null),
                b -> b.uncaughtHandler(null),
                b -> b.contextClassLoader(null),
                b -> b.timeSource(null))
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("nulls")
    void aNullIsRefusedWhereItIsGiven(Consumer<WeftRuntime.Builder> with) {
        assertThatNullPointerException().isThrownBy(() -> with.accept(WeftRuntime.builder()));
    }

    @Test
    void theSmallestValuesMakeARuntimeThatWorks() throws Exception {
        WeftRuntime runtime = runtimes.start(builder -> builder.name("x")
                .workerThreads(1)
                .stallThreshold(Duration.ofMillis(1))
                .maxSpareWorkers(0)
                .maxConcurrentTasks(0)
                .queueCapacity(0)
                .waitTimeout(Duration.ZERO)
                .blockingMaxThreads(1)
                .blockingKeepAlive(Duration.ZERO)
                .blockingQueueCapacity(0)
                .blockingWaitTimeout(Duration.ZERO)
                .shutdownGracePeriod(Duration.ZERO)
                .shutdownAbortPeriod(Duration.ZERO));
        assertThat(runtime.<Integer, Exception>blockOn(() -> Task.spawn(() -> 1).join()
                + Task.spawnBlocking(() -> 2).join()))
                .isEqualTo(3);
    }

    @Test
    void theLargestPeriodsAndANameOfSixtyFourLettersAreAccepted() throws Exception {
        Duration longest = Duration.ofDays(365);
        WeftRuntime runtime = runtimes.start(builder -> builder.name("x".repeat(64))
                .workerThreads(64)
                .stallThreshold(Duration.ofMinutes(1))
                .maxSpareWorkers(10_000)
                .maxConcurrentTasks(Integer.MAX_VALUE)
                .queueCapacity(Integer.MAX_VALUE)
                .waitTimeout(longest)
                .blockingMaxThreads(65_536)
                .blockingKeepAlive(longest)
                .blockingQueueCapacity(Integer.MAX_VALUE)
                .blockingWaitTimeout(longest)
                .shutdownGracePeriod(longest)
                .shutdownAbortPeriod(longest));
        assertThat(runtime.<Integer, Exception>blockOn(() -> Task.spawn(() -> 1).join()
                + Task.spawnBlocking(() -> 2).join()))
                .isEqualTo(3);
        runtime.close(); // idle: at once, whatever the periods are
        assertThat(runtime.state()).isEqualTo(WeftRuntime.State.CLOSED);
    }

    @Test
    void theConfigurationSaysWhatWasAskedFor() {
        RuntimeConfig config = runtimes.start(builder -> builder.workerThreads(3)
                .whenFull(WhenFull.REJECT)
                .blockingWhenFull(WhenFull.CALLER_RUNS)
                .stallThreshold(Duration.ofMillis(25)))
                .config();
        assertThat(config.requestedMode()).isEqualTo(Mode.AUTO);
        assertThat(config.workerThreads()).isEqualTo(3);
        assertThat(config.maxSpareWorkers()).isEqualTo(12);
        assertThat(config.stallThreshold()).isEqualTo(Duration.ofMillis(25));
        assertThat(config.whenFull()).isEqualTo(WhenFull.REJECT);
        assertThat(config.blockingWhenFull()).isEqualTo(WhenFull.CALLER_RUNS);
        assertThat(config.blockingMaxThreads()).isEqualTo(512);
        assertThat(config.shutdownGracePeriod()).isEqualTo(Duration.ofSeconds(20));
        assertThat(config.keepAlive()).isEqualTo(KeepAlive.NEVER);
    }

    @Test
    void aBuilderMakesIndependentRuntimes() throws Exception {
        var builder = WeftRuntime.builder().name("twin").keepAlive(KeepAlive.NEVER);
        try (WeftRuntime one = builder.build();
                WeftRuntime two = builder.build()) {
            one.close();
            assertThat(two.<Integer, Exception>blockOn(() -> 2)).isEqualTo(2);
        }
    }

    static Stream<Arguments> liveValuesOutOfRange() {
        return Stream.of(
                live("maxConcurrentTasks", runtime -> runtime.maxConcurrentTasks(-1)),
                live("queueCapacity", runtime -> runtime.queueCapacity(-1)),
                live("waitTimeout", runtime -> runtime.waitTimeout(NEGATIVE)),
                live("waitTimeout", runtime -> runtime.waitTimeout(TOO_LONG)),
                live("maxThreads", runtime -> runtime.resizeBlocking(0)),
                live("maxThreads", runtime -> runtime.resizeBlocking(65_537)),
                live("keepAlive", runtime -> runtime.blockingKeepAlive(NEGATIVE)),
                live("queueCapacity", runtime -> runtime.blockingQueueCapacity(-1)),
                live("grace", runtime -> runtime.shutdown(NEGATIVE, Duration.ZERO)),
                live("abort", runtime -> runtime.shutdown(Duration.ZERO, TOO_LONG)));
    }

    private static Arguments live(String what, Consumer<WeftRuntime> call) {
        return argumentSet(what, what, call);
    }

    @ParameterizedTest
    @MethodSource("liveValuesOutOfRange")
    void aLiveChangeOutOfRangeIsRefusedAndChangesNothing(String what, Consumer<WeftRuntime> call) throws Exception {
        WeftRuntime runtime = runtimes.start();
        var admission = runtime.metrics().admission();
        var blocking = runtime.metrics().blocking();
        assertThatThrownBy(() -> call.accept(runtime))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(what)
                .hasMessageContaining("must be between");
        assertThat(runtime.state()).isEqualTo(WeftRuntime.State.RUNNING);
        assertThat(runtime.metrics().admission()).isEqualTo(admission);
        assertThat(runtime.metrics().blocking()).isEqualTo(blocking);
        assertThat(runtime.<Integer, Exception>blockOn(() -> 1)).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("workersOutOfRange")
    @Tag("dedicated-only")
    void aNumberOfWorkersOutOfRangeIsRefused(int workers) {
        WeftRuntime runtime = runtimes.start(builder -> builder.workerThreads(2));
        assertThatThrownBy(() -> runtime.resizeWorkers(workers))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("workers is " + workers)
                .hasMessageContaining("between 1 and 1024");
        assertThat(runtime.metrics().workers()).hasSize(2);
    }

    static Stream<Integer> workersOutOfRange() {
        return Stream.of(0, -1, Integer.MIN_VALUE, 1025, Integer.MAX_VALUE);
    }

    @Test
    void nullPeriodsOfAShutdownAreRefusedAndItGoesOn() throws Exception {
        WeftRuntime runtime = runtimes.start();
        assertThatNullPointerException().isThrownBy(() -> runtime.shutdown(null, Duration.ZERO));
        assertThatNullPointerException().isThrownBy(() -> runtime.shutdown(Duration.ZERO, null));
        assertThat(runtime.<Integer, Exception>blockOn(() -> 1)).isEqualTo(1);
    }
}
