/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.actuate.endpoint;

import dev.weft.WeftRuntime;
import dev.weft.metrics.BlockingPoolMetrics;
import dev.weft.spring.WeftRuntimes;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/** Shows the blocking pools, and resizes a runtime's own. */
@Endpoint(id = "weftblocking", defaultAccess = Access.READ_ONLY)
public final class WeftBlockingEndpoint {

    /** The pool that {@code spawnBlocking} uses. */
    private static final String MAIN_POOL = "main";

    private final RuntimeRequests requests;

    /** Creates the endpoint over some runtimes. */
    public WeftBlockingEndpoint(WeftRuntimes runtimes) {
        this.requests = new RuntimeRequests(runtimes);
    }

    /** Describes the pools of all runtimes. */
    @ReadOperation
    public BlockingDescriptor pools() {
        return new BlockingDescriptor(requests.all(WeftBlockingEndpoint::describe));
    }

    /** Describes the pools of one. */
    @ReadOperation
    public WebEndpointResponse<Object> pool(@Selector String runtime) {
        return requests.one(runtime, WeftBlockingEndpoint::describe);
    }

    /** Changes any of the limits that are given, or none when one of them is not acceptable. */
    @WriteOperation
    public WebEndpointResponse<Object> resize(
            @Selector String runtime,
            @Nullable Integer maxThreads,
            @Nullable Duration keepAlive,
            @Nullable Integer queueCapacity) {
        return requests.one(runtime, found -> {
            BlockingPoolMetrics before = Objects.requireNonNull(found.metrics().blocking().get(MAIN_POOL));
            new LiveChange()
                    .set(keepAlive, before.keepAlive(), found::blockingKeepAlive)
                    .set(queueCapacity, before.queueCapacity(), found::blockingQueueCapacity)
                    .set(maxThreads, before.maxThreads(), found::resizeBlocking)
                    .apply();
            return describe(found);
        });
    }

    private static RuntimePoolsDescriptor describe(WeftRuntime runtime) {
        return new RuntimePoolsDescriptor(runtime.name(), runtime.metrics().blocking());
    }

    /**
     * The pools of all runtimes.
     *
     * @param runtimes by name
     */
    public record BlockingDescriptor(Map<String, RuntimePoolsDescriptor> runtimes) implements OperationResponseBody {}

    /**
     * The pools of a runtime.
     *
     * @param runtime its name
     * @param pools by name; "main" is the one that spawnBlocking uses
     */
    public record RuntimePoolsDescriptor(String runtime,
            Map<String, BlockingPoolMetrics> pools) implements OperationResponseBody {}
}
