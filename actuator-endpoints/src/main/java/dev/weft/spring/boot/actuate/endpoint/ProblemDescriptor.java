/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.actuate.endpoint;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * Why a request was refused.
 *
 * <p>A body of our own, because Boot's error response leaves out an exception's message unless it is configured not to.
 *
 * @param status the HTTP status
 * @param detail the offending value and what would be allowed
 */
public record ProblemDescriptor(int status, String detail) implements OperationResponseBody {

    static WebEndpointResponse<Object> notFound(String detail) {
        return response(WebEndpointResponse.STATUS_NOT_FOUND, detail);
    }

    static WebEndpointResponse<Object> badRequest(String detail) {
        return response(WebEndpointResponse.STATUS_BAD_REQUEST, detail);
    }

    static WebEndpointResponse<Object> conflict(String detail) {
        return response(409, detail);
    }

    private static WebEndpointResponse<Object> response(int status, String detail) {
        return new WebEndpointResponse<>(new ProblemDescriptor(status, detail), status);
    }
}
