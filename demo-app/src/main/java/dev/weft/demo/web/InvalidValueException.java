/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.web;

import java.time.Duration;

/** A client sent a value that is out of range. Answered with 400, naming the field, the value and the range. */
public final class InvalidValueException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String field;
    private final String value;
    private final String allowed;

    public InvalidValueException(String field, Object value, String allowed) {
        super(field + " is '" + value + "', allowed: " + allowed);
        this.field = field;
        this.value = value.toString();
        this.allowed = allowed;
    }

    /**
     * Returns {@code value} when it lies between the bounds, both included.
     *
     * @throws InvalidValueException when it does not
     */
    public static Duration requireBetween(String field, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new InvalidValueException(
                    field, value.toMillis() + " ms", least.toMillis() + " ms to " + most.toMillis() + " ms");
        }
        return value;
    }

    public String field() {
        return field;
    }

    public String value() {
        return value;
    }

    public String allowed() {
        return allowed;
    }
}
