/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.actuate.endpoint;

import dev.weft.WeftRuntime;
import dev.weft.metrics.TaskInfo;
import dev.weft.spring.RuntimeLifecycle;
import dev.weft.spring.RuntimePhase;
import dev.weft.spring.WeftRuntimes;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * Drains an application before it is stopped, and shows what still runs.
 *
 * <p>Draining takes the readiness away and nothing else: requests that are under way still spawn.
 */
@Endpoint(id = "weftshutdown", defaultAccess = Access.READ_ONLY)
public final class WeftShutdownEndpoint {

    private static final int TASKS_SHOWN = 100;

    private final RuntimeRequests requests;
    private final RuntimeLifecycle lifecycle;

    /** Creates the endpoint over some runtimes. */
    public WeftShutdownEndpoint(WeftRuntimes runtimes, RuntimeLifecycle lifecycle) {
        this.requests = new RuntimeRequests(runtimes);
        this.lifecycle = lifecycle;
    }

    /** Describes all runtimes. */
    @ReadOperation
    public ShutdownsDescriptor shutdowns() {
        return new ShutdownsDescriptor(requests.all(this::describe));
    }

    /** Describes one. */
    @ReadOperation
    public WebEndpointResponse<Object> shutdown(@Selector String runtime) {
        return requests.one(runtime, this::describe);
    }

    /** Begins to drain; does not wait for anything. */
    @WriteOperation
    public WebEndpointResponse<Object> drain(@Selector String runtime) {
        return requests.answer(runtime, found -> {
            lifecycle.drain(found);
            return new WebEndpointResponse<>(describe(found), 202);
        });
    }

    /** Takes the drain back, while that is possible. */
    @DeleteOperation
    public WebEndpointResponse<Object> undo(@Selector String runtime) {
        return requests.answer(runtime, found -> {
            RuntimePhase phase = lifecycle.undoDrain(found);
            return phase == RuntimePhase.RUNNING
                    ? new WebEndpointResponse<>(describe(found))
                    : ProblemDescriptor.conflict("runtime '%s' is %s, which cannot be undone"
                            .formatted(runtime, phase.name().toLowerCase(Locale.ROOT)));
        });
    }

    private ShutdownDescriptor describe(WeftRuntime runtime) {
        List<TaskInfo> live = runtime.tasks(false, Integer.MAX_VALUE);
        return new ShutdownDescriptor(
                runtime.name(),
                lifecycle.phase(runtime).name().toLowerCase(Locale.ROOT),
                live.size(),
                runtime.config().shutdownGracePeriod(),
                runtime.config().shutdownAbortPeriod(),
                live.stream()
                        .limit(TASKS_SHOWN)
                        .map(task -> TaskDescriptor.withoutStack(runtime, task))
                        .toList());
    }

    /**
     * All runtimes.
     *
     * @param runtimes by name
     */
    public record ShutdownsDescriptor(Map<String, ShutdownDescriptor> runtimes) implements OperationResponseBody {}

    /**
     * How far a runtime is from its end.
     *
     * @param runtime its name
     * @param phase running, draining, stopping, stopped or closed
     * @param live how many tasks have not ended
     * @param gracePeriod how long they may go on when the application stops
     * @param abortPeriod how long they get to end once aborted
     * @param tasks the first of them
     */
    public record ShutdownDescriptor(
            String runtime,
            String phase,
            int live,
            Duration gracePeriod,
            Duration abortPeriod,
            List<TaskDescriptor> tasks) implements OperationResponseBody {}
}
