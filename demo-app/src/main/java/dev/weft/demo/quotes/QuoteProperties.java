/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.quotes;

import dev.weft.demo.web.InvalidValueException;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code demo.quotes}: how long a comparison may take.
 *
 * @param deadline what it is given when the request does not say
 * @param maxDeadline the most a request may ask for
 * @param warmUp what the question asked at the start is given, at most {@code maxDeadline}; 0 asks none
 * @param connectTimeout how long a connection to a source may take to open
 */
@ConfigurationProperties("demo.quotes")
public record QuoteProperties(
        @DefaultValue("300ms") Duration deadline,
        @DefaultValue("10s") Duration maxDeadline,
        @DefaultValue("1s") Duration warmUp,
        @DefaultValue("2s") Duration connectTimeout) {

    static final Duration SHORTEST = Duration.ofMillis(1);

    public QuoteProperties {
        InvalidValueException.requireBetween(
                "demo.quotes.max-deadline", maxDeadline, SHORTEST, Duration.ofMinutes(1));
        InvalidValueException.requireBetween("demo.quotes.deadline", deadline, SHORTEST, maxDeadline);
        InvalidValueException.requireBetween("demo.quotes.warm-up", warmUp, Duration.ZERO, maxDeadline);
        InvalidValueException.requireBetween(
                "demo.quotes.connect-timeout", connectTimeout, SHORTEST, Duration.ofMinutes(1));
    }
}
