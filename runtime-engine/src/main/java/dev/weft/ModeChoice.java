/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import dev.weft.clock.TimeSource;
import dev.weft.internal.context.RuntimeHost;
import dev.weft.internal.jdk.LaunchRecipe;
import dev.weft.internal.jdk.PollerPlacement;
import dev.weft.internal.jdk.SelfTest;
import dev.weft.internal.jdk.VirtualThreads;
import dev.weft.internal.scheduler.Scheduler;
import dev.weft.internal.scheduler.SchedulerConfig;
import dev.weft.internal.scheduler.SharedScheduler;
import dev.weft.internal.scheduler.WorkerScheduler;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Which mode a runtime got, why, and what to do about it. */
record ModeChoice(Mode mode, String reason, Optional<String> recipe) {

    private static final System.Logger LOG = System.getLogger(WeftRuntime.class.getName());
    private static final Set<Mode> LOGGED = ConcurrentHashMap.newKeySet();

    static ModeChoice of(Mode requested) {
        ModeChoice choice = requested == Mode.SHARED
                ? new ModeChoice(Mode.SHARED, "as configured", Optional.empty())
                : decide(requested, SelfTest.failure(), VirtualThreads.isOpen());
        if (LOGGED.add(choice.mode)) {
            LOG.log(choice.logLevel(requested), () -> "Weft: mode " + choice.mode + ", " + choice.reason
                    + choice.recipe.map(line -> ". For workers of its own: " + line).orElse(""));
        }
        return choice;
    }

    /**
     * Decides between the modes where there is a choice.
     *
     * @param failure why dedicated mode is not possible, or null
     * @param open whether {@code java.lang} is open to Weft, so that opening it is no remedy
     */
    static ModeChoice decide(Mode requested, @Nullable String failure, boolean open) {
        if (failure == null) {
            return new ModeChoice(Mode.DEDICATED, "the self-test passed on this JVM", Optional.empty());
        }
        String reason = open ? failure + ". " + LaunchRecipe.noFlagHelps() : failure;
        Optional<String> recipe = open ? Optional.empty() : Optional.of(LaunchRecipe.line());
        if (requested == Mode.DEDICATED) {
            throw new DedicatedModeUnavailableException(reason, recipe.orElse(null));
        }
        return new ModeChoice(Mode.SHARED, "since " + reason, recipe);
    }

    /** Whoever opened java.lang counts on dedicated mode. */
    System.Logger.Level logLevel(Mode requested) {
        return mode != requested && mode == Mode.SHARED && recipe.isEmpty()
                ? System.Logger.Level.WARNING
                : System.Logger.Level.INFO;
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
