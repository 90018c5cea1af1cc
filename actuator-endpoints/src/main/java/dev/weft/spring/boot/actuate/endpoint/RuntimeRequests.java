/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.actuate.endpoint;

import dev.weft.WeftRuntime;
import dev.weft.spring.WeftRuntimes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/** Answers requests about all runtimes, or about the one that the path names. */
final class RuntimeRequests {

    private final WeftRuntimes runtimes;

    RuntimeRequests(WeftRuntimes runtimes) {
        this.runtimes = runtimes;
    }

    /** Describes every runtime, by name. */
    <T> Map<String, T> all(Function<WeftRuntime, T> describe) {
        Map<String, T> described = new LinkedHashMap<>();
        runtimes.all().forEach(runtime -> described.put(runtime.name(), describe.apply(runtime)));
        return described;
    }

    /** Describes one runtime: 404 when there is none of that name. */
    WebEndpointResponse<Object> one(String name, Function<WeftRuntime, Object> describe) {
        return answer(name, runtime -> new WebEndpointResponse<>(describe.apply(runtime)));
    }

    /** Changes one runtime: 404 when there is none of that name, 400 and 409 when the change is refused. */
    WebEndpointResponse<Object> answer(String name, Function<WeftRuntime, WebEndpointResponse<Object>> answer) {
        return runtimes.find(name)
                .map(runtime -> guarded(runtime, answer))
                .orElseGet(() -> ProblemDescriptor.notFound("no runtime is named '%s'; there are %s"
                        .formatted(name, all(WeftRuntime::name).keySet())));
    }

    private static WebEndpointResponse<Object> guarded(
            WeftRuntime runtime, Function<WeftRuntime, WebEndpointResponse<Object>> answer) {
        try {
            return answer.apply(runtime);
        } catch (IllegalArgumentException e) {
            return ProblemDescriptor.badRequest(String.valueOf(e.getMessage()));
        } catch (UnsupportedOperationException e) {
            return ProblemDescriptor.conflict(String.valueOf(e.getMessage()));
        }
    }
}
