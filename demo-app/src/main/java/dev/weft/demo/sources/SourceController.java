/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.sources;

import dev.weft.demo.web.Item;
import dev.weft.time.Time;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.springframework.format.annotation.DurationFormat;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Plays the simulated sources, and lists all of them. */
@RestController
@RequestMapping("/sources")
class SourceController {

    private final Map<String, SourceProperties.Source> sources = new LinkedHashMap<>();
    private final Clock clock = Clock.systemUTC();

    SourceController(SourceProperties properties) {
        properties.sources().forEach(source -> sources.put(source.name(), source));
    }

    @GetMapping
    List<SourceView> list() {
        return sources.values().stream().map(SourceView::of).toList();
    }

    /** Answers as the source would, after its latency. The parameters replace the configured behaviour. */
    @GetMapping("/{name}/{item}")
    ResponseEntity<?> quote(
            @PathVariable String name,
            @PathVariable Item item,
            @RequestParam(required = false) @DurationFormat(style = DurationFormat.Style.SIMPLE) @Nullable Duration latency,
            @RequestParam(required = false) @DurationFormat(style = DurationFormat.Style.SIMPLE) @Nullable Duration jitter,
            @RequestParam(required = false) @Nullable Double failureRate)
            throws InterruptedException {
        SourceProperties.Source source = sources.get(name);
        if (source == null || !source.isSimulated()) {
            throw new ResponseStatusException(
                    HttpStatus.NOT_FOUND,
                    "no simulated source is named '" + name + "', there are: " + String.join(", ", simulated()));
        }
        Behaviour behaviour = Behaviour.draw(
                latency == null ? source.latency() : latency,
                jitter == null ? source.jitter() : jitter,
                failureRate == null ? source.failureRate() : failureRate,
                ThreadLocalRandom.current());
        Time.sleep(behaviour.latency());
        return behaviour.fails()
                ? ResponseEntity.of(ProblemDetail.forStatusAndDetail(
                        HttpStatus.SERVICE_UNAVAILABLE, name + " is out of order (simulated)"))
                        .build()
                : ResponseEntity.ok(new PriceTag(
                        name, item.name(), PriceBook.price(name, item.name(), clock.instant()), "EUR"));
    }

    private List<String> simulated() {
        return sources.values().stream()
                .filter(SourceProperties.Source::isSimulated)
                .map(SourceProperties.Source::name)
                .toList();
    }

    /** What a source answers; of a foreign one, {@code price} is all that is needed. */
    record PriceTag(String source, String item, BigDecimal price, String currency) {}

    /** One row of the list. */
    record SourceView(
            String name, boolean simulated, @Nullable String url, long latencyMillis, long jitterMillis,
            double failureRate) {

        static SourceView of(SourceProperties.Source source) {
            return new SourceView(
                    source.name(),
                    source.isSimulated(),
                    source.url(),
                    source.latency().toMillis(),
                    source.jitter().toMillis(),
                    source.failureRate());
        }
    }
}
