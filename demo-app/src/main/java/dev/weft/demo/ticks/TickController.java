/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.ticks;

import dev.weft.demo.web.InvalidValueException;
import java.time.Duration;
import org.springframework.format.annotation.DurationFormat;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** {@code GET /ticks}. */
@RestController
class TickController {

    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final TickStreams streams;

    TickController(TickStreams streams) {
        this.streams = streams;
    }

    @GetMapping(path = "/ticks", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter ticks(
            @RequestParam(defaultValue = "1s") @DurationFormat(style = DurationFormat.Style.SIMPLE) Duration every) {
        return streams.open(InvalidValueException.requireBetween("every", every, SHORTEST, LONGEST));
    }
}
