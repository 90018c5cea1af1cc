/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import dev.weft.clock.TimeSource;
import dev.weft.internal.context.RuntimeHost;
import dev.weft.internal.jdk.LaunchRecipe;
import dev.weft.internal.jdk.PollerPlacement;
import dev.weft.internal.jdk.SelfTest;
import dev.weft.internal.scheduler.Scheduler;
import dev.weft.internal.scheduler.SchedulerConfig;
import dev.weft.internal.scheduler.SharedScheduler;
import dev.weft.internal.scheduler.WorkerScheduler;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Which mode a runtime got, why, and what to do about it. */
record ModeChoice(Mode mode, String reason, Optional<String> recipe) {

    private static final System.Logger LOG = System.getLogger(WeftRuntime.class.getName());
    private static final Set<Mode> LOGGED = ConcurrentHashMap.newKeySet();

    static ModeChoice of(Mode requested) {
        ModeChoice choice = decide(requested);
        if (LOGGED.add(choice.mode)) {
            LOG.log(System.Logger.Level.INFO, () -> "Weft: mode " + choice.mode + ", " + choice.reason
                    + choice.recipe.map(line -> ". For workers of its own: " + line).orElse(""));
        }
        return choice;
    }

    private static ModeChoice decide(Mode requested) {
        if (requested == Mode.SHARED) {
            return new ModeChoice(Mode.SHARED, "as configured", Optional.empty());
        }
        String failure = SelfTest.failure();
        if (failure == null) {
            return new ModeChoice(Mode.DEDICATED, "the self-test passed on this JVM", Optional.empty());
        }
        if (requested == Mode.DEDICATED) {
            throw new DedicatedModeUnavailableException(failure, LaunchRecipe.line());
        }
        return new ModeChoice(Mode.SHARED, "since " + failure, Optional.of(LaunchRecipe.line()));
    }

    Scheduler startScheduler(RuntimeHost host, RuntimeConfig config, TimeSource clock) {
        var scheduler = new SchedulerConfig(
                "weft-" + config.name(),
                config.workerThreads(),
                config.stallThreshold().toNanos(),
                config.maxSpareWorkers(),
                clock);
        if (mode == Mode.SHARED) {
            return new SharedScheduler(host, scheduler);
        }
        if (config.socketPollers() == SocketPollers.JDK) {
            PollerPlacement.startOnJdk();
        } else {
            PollerPlacement.leaveToTasks();
        }
        return WorkerScheduler.start(host, scheduler);
    }
}
