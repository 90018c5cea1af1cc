/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.task.JoinHandle;
import dev.weft.task.TaskFailedException;
import dev.weft.time.Time;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A failure that nobody asks for is told to the uncaught handler, once. */
@Timeout(60)
class UncaughtTests {

    record Seen(WeftRuntime runtime, long id, String name, Throwable failure) {}

    @RegisterExtension
    final Runtimes runtimes = new Runtimes();

    final ConcurrentLinkedQueue<Seen> seen = new ConcurrentLinkedQueue<>();

    final WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(1)
            .uncaughtHandler((runtime, id, name, failure) -> seen.add(new Seen(runtime, id, name, failure))));

    private JoinHandle<?> failing(String message) {
        return weft.named("failing").spawn(() -> {
            throw new IllegalStateException(message);
        });
    }

    /** A separate frame, so that no local keeps the handle. */
    private long failAndForget(boolean blocking) throws Exception {
        JoinHandle<?> handle = blocking
                ? weft.named("failing").spawnBlocking(() -> {
                    throw new IllegalStateException("forgotten");
                })
                : failing("forgotten");
        await().until(handle::isDone);
        return handle.id();
    }

    private void collectUntilTold() {
        await().until(() -> {
            System.gc();
            return !seen.isEmpty();
        });
    }

    @Test
    void theFailureOfADroppedHandleIsToldWhenTheCollectorFindsOut() throws Exception {
        long id = failAndForget(false);
        collectUntilTold();
        assertThat(seen).singleElement().satisfies(told -> {
            assertThat(told.runtime()).isSameAs(weft);
            assertThat(told.id()).isEqualTo(id);
            assertThat(told.name()).isEqualTo("failing");
            assertThat(told.failure()).isInstanceOf(IllegalStateException.class).hasMessage("forgotten");
        });
        weft.close();
        assertThat(seen).hasSize(1);
    }

    @Test
    void soIsThatOfABlockingJobWhileEverythingElseIsIdle() throws Exception {
        failAndForget(true);
        collectUntilTold();
        assertThat(seen).singleElement().satisfies(told -> assertThat(told.failure()).hasMessage("forgotten"));
    }

    @Test
    void theFailureOfAHandleThatNobodyReadIsToldAtClose() throws Exception {
        JoinHandle<?> kept = failing("kept");
        await().until(kept::isDone);
        assertThat(seen).isEmpty();
        weft.close();
        assertThat(seen).singleElement().satisfies(told -> {
            assertThat(told.id()).isEqualTo(kept.id());
            assertThat(told.failure()).hasMessage("kept");
        });
        assertThatThrownBy(kept::join).isInstanceOf(TaskFailedException.class);
        assertThat(seen).hasSize(1);
    }

    @Test
    void aFailureThatWasReadInAnyWayIsNotTold() throws Exception {
        JoinHandle<?> joined = failing("joined");
        assertThatThrownBy(joined::join).isInstanceOf(TaskFailedException.class);
        JoinHandle<?> got = failing("got");
        assertThatThrownBy(got::get).hasRootCauseMessage("got");
        JoinHandle<?> asked = failing("asked");
        await().until(asked::isDone);
        assertThat(asked.exceptionNow()).hasMessage("asked");
        assertThatThrownBy(failing("future").toCompletableFuture()::join).hasRootCauseMessage("future");
        assertThatThrownBy(() -> weft.blockOn(() -> {
            throw new IllegalStateException("thrown on");
        }))
                .hasMessage("thrown on");
        joined = null;
        got = null;
        asked = null;
        System.gc();
        weft.close();
        assertThat(seen).isEmpty();
    }

    @Test
    void aFailureThatIsBeingJoinedIsNotTold() throws Exception {
        JoinHandle<?> slow = weft.spawn(() -> {
            Time.sleep(Duration.ofMillis(5));
            throw new IllegalStateException("joined early");
        });
        assertThatThrownBy(slow::join).isInstanceOf(TaskFailedException.class);
        weft.close();
        assertThat(seen).isEmpty();
    }

    @Test
    void anAbortIsNoFailure() throws Exception {
        JoinHandle<?> aborted = weft.spawn(() -> Time.sleep(Duration.ofDays(1)));
        aborted.abort();
        await().until(aborted::isDone);
        weft.close();
        assertThat(seen).isEmpty();
    }

    @Test
    void aHandlerThatThrowsHarmsNobody() throws Exception {
        WeftRuntime other = runtimes.start(builder -> builder.uncaughtHandler((runtime, id, name, failure) -> {
            seen.add(new Seen(runtime, id, name, failure));
            throw new IllegalStateException("from the handler");
        }));
        var executor = other.asExecutorService();
        try (Logs logs = Logs.of("dev.weft.WeftRuntime")) {
            for (int i = 0; i < 3; i++) {
                executor.execute(() -> {
                    throw new IllegalArgumentException("from the task");
                });
            }
            await().untilAsserted(() -> assertThat(logs.records()).hasSize(3).allSatisfy(record -> {
                assertThat(record.getThrown()).hasMessage("from the handler");
                assertThat(record.getThrown().getSuppressed()).singleElement()
                        .satisfies(failure -> assertThat(failure).hasMessage("from the task"));
            }));
        }
        assertThat(other.<Integer, Exception>blockOn(() -> 1)).isEqualTo(1);
        assertThat(other.awaitQuiet(Duration.ofSeconds(50))).isTrue();
    }

    @Test
    void theFailuresOfOneRuntimeAreNotToldToAnother() throws Exception {
        WeftRuntime other = runtimes.start(builder -> builder.name("other"));
        JoinHandle<?> kept = failing("mine");
        await().until(kept::isDone);
        other.close();
        assertThat(seen).isEmpty();
        weft.close();
        assertThat(seen).hasSize(1);
        assertThat(kept.isDone()).isTrue();
    }

    @Test
    void byDefaultTheFailureIsLoggedWithTheTaskAndTheRuntime() {
        try (Logs logs = Logs.of("dev.weft.WeftRuntime")) {
            WeftRuntime logging = runtimes.start(builder -> builder.name("logging"));
            logging.asExecutorService().execute(() -> {
                throw new IllegalStateException("to the log");
            });
            await().untilAsserted(() -> assertThat(logs.records()).anySatisfy(record -> {
                assertThat(record.getMessage()).contains("runtime 'logging'").contains("nobody joined");
                assertThat(record.getThrown()).hasMessage("to the log");
            }));
        }
    }
}
