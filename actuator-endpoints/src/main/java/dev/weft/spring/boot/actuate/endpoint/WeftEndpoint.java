/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.actuate.endpoint;

import dev.weft.WeftRuntime;
import dev.weft.metrics.AdmissionMetrics;
import dev.weft.metrics.RuntimeMetrics;
import dev.weft.metrics.StallInfo;
import dev.weft.spring.RuntimeLifecycle;
import dev.weft.spring.WeftRuntimes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/** Shows the runtimes, and changes how much they take on. */
@Endpoint(id = "weft", defaultAccess = Access.READ_ONLY)
public final class WeftEndpoint {

    private final RuntimeRequests requests;
    private final RuntimeLifecycle lifecycle;

    /** Creates the endpoint over some runtimes. */
    public WeftEndpoint(WeftRuntimes runtimes, RuntimeLifecycle lifecycle) {
        this.requests = new RuntimeRequests(runtimes);
        this.lifecycle = lifecycle;
    }

    /** Describes all runtimes. */
    @ReadOperation
    public RuntimesDescriptor runtimes() {
        return new RuntimesDescriptor(requests.all(this::describe));
    }

    /** Describes one. */
    @ReadOperation
    public WebEndpointResponse<Object> runtime(@Selector String runtime) {
        return requests.one(runtime, this::describe);
    }

    /** Changes any of the limits that are given, or none when one of them is not acceptable. */
    @WriteOperation
    public WebEndpointResponse<Object> resize(
            @Selector String runtime,
            @Nullable Integer workers,
            @Nullable Integer maxConcurrentTasks,
            @Nullable Integer queueCapacity,
            @Nullable Duration waitTimeout) {
        return requests.one(runtime, found -> {
            RuntimeMetrics before = found.metrics();
            AdmissionMetrics admission = before.admission();
            new LiveChange()
                    .set(maxConcurrentTasks, admission.maxConcurrentTasks(), found::maxConcurrentTasks)
                    .set(queueCapacity, admission.queueCapacity(), found::queueCapacity)
                    .set(waitTimeout, admission.waitTimeout(), found::waitTimeout)
                    .set(workers, before.workers().size(), found::resizeWorkers)
                    .apply();
            return describe(found);
        });
    }

    private RuntimeDescriptor describe(WeftRuntime runtime) {
        return new RuntimeDescriptor(
                runtime.name(),
                lowerCase(runtime.mode()),
                runtime.modeReason(),
                runtime.dedicatedRecipe().orElse(null),
                lowerCase(runtime.state()),
                lowerCase(lifecycle.phase(runtime)),
                runtime.socketPollers(),
                ConfigurationDescriptor.of(runtime.config()),
                runtime.metrics(),
                runtime.stalls().stream().map(StallDescriptor::of).toList());
    }

    private static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /**
     * All runtimes.
     *
     * @param runtimes by name
     */
    public record RuntimesDescriptor(Map<String, RuntimeDescriptor> runtimes) implements OperationResponseBody {}

    /**
     * A runtime.
     *
     * @param name its name
     * @param mode dedicated or shared
     * @param modeReason why
     * @param dedicatedRecipe what to add for dedicated mode, absent when nothing is missing
     * @param state the runtime's own state
     * @param phase where it is in the life of the application context
     * @param socketPollers where the JDK's socket pollers run
     * @param configuration what it was built with
     * @param metrics its counters and its limits of the moment
     * @param stalls the last tasks that kept a worker too long
     */
    public record RuntimeDescriptor(
            String name,
            String mode,
            String modeReason,
            @Nullable String dedicatedRecipe,
            String state,
            String phase,
            String socketPollers,
            ConfigurationDescriptor configuration,
            RuntimeMetrics metrics,
            List<StallDescriptor> stalls) implements OperationResponseBody {}

    /**
     * A task that kept its worker too long.
     *
     * @param worker index of the worker
     * @param taskId the task, absent for a guest
     * @param taskName its name, absent when it has none
     * @param detectedAt when the monitor saw it
     * @param duration how long it lasted, or has lasted so far
     * @param ongoing whether it still lasts
     * @param rescued whether a spare worker took over
     * @param stack where the task was, innermost frame first
     */
    public record StallDescriptor(
            int worker,
            @Nullable Long taskId,
            @Nullable String taskName,
            Instant detectedAt,
            Duration duration,
            boolean ongoing,
            boolean rescued,
            List<String> stack) {

        static StallDescriptor of(StallInfo stall) {
            return new StallDescriptor(
                    stall.worker(),
                    stall.taskId(),
                    stall.taskName(),
                    stall.detectedAt(),
                    stall.duration(),
                    stall.ongoing(),
                    stall.rescued(),
                    stall.stack().stream().map(StackTraceElement::toString).toList());
        }
    }
}
