/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.quotes;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A source that gave no quote.
 *
 * @param source who
 * @param reason what kind of trouble
 * @param message for a person
 */
public record Missing(String source, Reason reason, String message) {

    /** Why there is no quote. */
    public enum Reason {
        /** It had not answered at the deadline, and the question was aborted. */
        @JsonProperty("late") LATE,
        /** It answered with an error, or not at all. */
        @JsonProperty("failed") FAILED
    }
}
