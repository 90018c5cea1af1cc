/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.quotes;

import dev.weft.demo.web.InvalidValueException;
import dev.weft.demo.web.Item;
import dev.weft.scope.Collected;
import dev.weft.scope.Collected.Outcome;
import dev.weft.scope.JoinSet;
import dev.weft.spring.TaskSpawner;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Service;

/** Compares what all sources ask for an item. Thread-safe. */
@Service
public class QuoteService {

    /*
     * One task per source, all children of one JoinSet. At the deadline the set aborts those that still wait: the
     * interrupt ends their HTTP exchange, so a late source costs nothing after the answer has gone out. Outcomes come
     * in spawn order, which is the order of the sources.
     */

    private final TaskSpawner spawner;
    private final QuoteSources sources;
    private final QuoteProperties properties;
    private final Counter inTime;
    private final Counter late;
    private final Counter failed;

    QuoteService(TaskSpawner spawner, QuoteSources sources, QuoteProperties properties, MeterRegistry meters) {
        this.spawner = spawner;
        this.sources = sources;
        this.properties = properties;
        this.inTime = outcomes(meters, "in-time");
        this.late = outcomes(meters, "late");
        this.failed = outcomes(meters, "failed");
    }

    /** Compares within the configured deadline. */
    public Comparison compare(Item item) throws InterruptedException {
        return compare(item, properties.deadline());
    }

    /**
     * Compares within a deadline of the caller's. Returns at the deadline at the latest, with what came until then.
     *
     * @throws InvalidValueException when the deadline is out of range
     */
    public Comparison compare(Item item, Duration deadline) throws InterruptedException {
        InvalidValueException.requireBetween("deadline", deadline, QuoteProperties.SHORTEST, properties.maxDeadline());
        long start = System.nanoTime();
        List<QuoteSource> asked = sources.all();
        List<Outcome<Quote>> outcomes = ask(asked, item, deadline).outcomes();
        List<Quote> quotes = new ArrayList<>();
        List<Missing> missing = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            String source = asked.get(i).name();
            Outcome<Quote> outcome = outcomes.get(i);
            switch (outcome.status()) {
                case DONE -> quotes.add(Objects.requireNonNull(outcome.value()));
                case FAILED -> missing.add(failed(source, Objects.requireNonNull(outcome.failure())));
                case LATE, CANCELLED -> missing.add(late(source, deadline));
            }
        }
        count(quotes, missing);
        long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        return Comparison.of(item.name(), quotes, missing, deadline.toMillis(), took);
    }

    private Collected<Quote> ask(List<QuoteSource> asked, Item item, Duration deadline) throws InterruptedException {
        try (JoinSet<Quote> set = spawner.joinSet()) {
            for (QuoteSource source : asked) {
                set.named("quote").tag("source", source.name()).spawn(() -> source.quote(item.name()));
            }
            return set.collectWithin(deadline);
        }
    }

    private static Missing late(String source, Duration deadline) {
        return new Missing(source, Missing.Reason.LATE, "no answer within " + deadline.toMillis() + " ms; aborted");
    }

    private static Missing failed(String source, Throwable failure) {
        String message = failure.getMessage();
        return new Missing(
                source, Missing.Reason.FAILED, message == null ? failure.getClass().getSimpleName() : message);
    }

    private void count(List<Quote> quotes, List<Missing> missing) {
        inTime.increment(quotes.size());
        for (Missing one : missing) {
            (one.reason() == Missing.Reason.LATE ? late : failed).increment();
        }
    }

    private static Counter outcomes(MeterRegistry meters, String outcome) {
        return Counter.builder("demo.quotes")
                .description("Questions to quote sources, by how they ended")
                .tag("outcome", outcome)
                .register(meters);
    }
}
