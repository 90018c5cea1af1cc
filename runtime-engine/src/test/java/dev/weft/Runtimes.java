/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Starts the runtimes of a test and closes them after it.
 *
 * <p>Each runtime that leaves the choice of its mode open must be in the mode that this run of the suite is for, so a
 * run that lost its flags fails instead of testing the other mode twice. A test that failed gets what its runtimes were
 * doing printed. One that passed must leave no task behind that an abort does not end, unless it says so.
 */
public final class Runtimes implements AfterEachCallback {

    /** The mode this run is for, as the build says. */
    public static final String MODE = System.getProperty("weft.test.mode", "not set: run with -Dweft.test.mode=..");

    static {
        Awaitility.setDefaultPollDelay(Duration.ZERO);
        Awaitility.setDefaultPollInterval(Duration.ofMillis(1));
        Awaitility.setDefaultTimeout(Duration.ofSeconds(50));
    }

    private final List<WeftRuntime> started = new CopyOnWriteArrayList<>();
    private boolean survivorsExpected;

    /** Whether this run is for dedicated mode. */
    public static boolean dedicated() {
        return MODE.equals("dedicated");
    }

    public WeftRuntime start() {
        return start(builder -> builder);
    }

    public WeftRuntime start(UnaryOperator<WeftRuntime.Builder> with) {
        WeftRuntime runtime = with.apply(WeftRuntime.builder().name("test").keepAlive(KeepAlive.NEVER))
                .build();
        started.add(runtime);
        if (runtime.config().requestedMode() == Mode.AUTO) {
            assertThat(runtime.mode()).as(runtime.modeReason()).hasToString(MODE);
        }
        return runtime;
    }

    /** The test leaves tasks behind that do not end when they are aborted. */
    public void expectSurvivors() {
        survivorsExpected = true;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        boolean passed = context.getExecutionException().isEmpty();
        for (WeftRuntime runtime : started) {
            if (!passed) {
                print(runtime);
            }
            ShutdownReport report = runtime.shutdown(Duration.ZERO, Duration.ofSeconds(passed ? 60 : 5));
            if (passed && !survivorsExpected) {
                assertThat(report.survivors()).as(report.toString()).isEmpty();
            }
        }
    }

    /** Prints what a runtime is doing. */
    public static void print(WeftRuntime runtime) {
        StringBuilder text = new StringBuilder(runtime.toString()).append('\n').append(runtime.metrics());
        runtime.stalls().forEach(stall -> text.append("\nstall ").append(stall));
        runtime.tasks(true, 50).forEach(task -> {
            text.append("\ntask ").append(task.id()).append(' ').append(task.name()).append(' ').append(task.state())
                    .append(" waiting for ").append(task.waitingFor());
            task.stack().forEach(frame -> text.append("\n\tat ").append(frame));
        });
        System.err.println(text);
    }
}
