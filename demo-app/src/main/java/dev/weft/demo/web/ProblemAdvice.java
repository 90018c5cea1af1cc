/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.web;

import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.TypeMismatchException;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/** Turns exceptions into RFC 9457 problem answers. */
@RestControllerAdvice
class ProblemAdvice extends ResponseEntityExceptionHandler {

    @ExceptionHandler
    ProblemDetail invalid(InvalidValueException invalid) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, message(invalid));
        problem.setTitle("Value out of range");
        problem.setProperty("field", invalid.field());
        problem.setProperty("value", invalid.value());
        problem.setProperty("allowed", invalid.allowed());
        return problem;
    }

    /** The blocking pool or the runtime has no room: an honest "later", not an error of ours. */
    @ExceptionHandler
    ResponseEntity<ProblemDetail> full(RejectedExecutionException rejected) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE, message(rejected));
        return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
                .header(HttpHeaders.RETRY_AFTER, "1")
                .body(problem);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleTypeMismatch(
            TypeMismatchException mismatch, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        InvalidValueException invalid = causeOf(mismatch);
        if (invalid == null && mismatch instanceof MethodArgumentTypeMismatchException argument) {
            invalid = new InvalidValueException(
                    argument.getName(), String.valueOf(argument.getValue()), expected(argument.getRequiredType()));
        }
        return invalid == null
                ? super.handleTypeMismatch(mismatch, headers, status, request)
                : ResponseEntity.badRequest().body(invalid(invalid));
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException unreadable, HttpHeaders headers, HttpStatusCode status,
            WebRequest request) {
        InvalidValueException invalid = causeOf(unreadable);
        return invalid == null
                ? super.handleHttpMessageNotReadable(unreadable, headers, status, request)
                : ResponseEntity.badRequest().body(invalid(invalid));
    }

    private static @Nullable InvalidValueException causeOf(Exception failure) {
        return NestedExceptionUtils.getRootCause(failure) instanceof InvalidValueException invalid ? invalid : null;
    }

    private static String expected(@Nullable Class<?> type) {
        if (type == null) {
            return "another kind of value";
        }
        return switch (type.getSimpleName()) {
            case "Duration" -> "a duration such as 250ms or 2s";
            case "Double", "double" -> "a decimal number";
            case "UUID" -> "a UUID";
            case "Long", "long", "Integer", "int" -> "a whole number";
            default -> type.getSimpleName();
        };
    }

    private static String message(Exception failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
