/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.reports;

import dev.weft.demo.quotes.Comparison;
import dev.weft.demo.quotes.QuoteService;
import dev.weft.demo.web.Item;
import dev.weft.spring.TaskSpawner;
import dev.weft.task.JoinHandle;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Service;

/** Makes reports. Thread-safe. */
@Service
class ReportService {

    private final TaskSpawner spawner;
    private final QuoteService quotes;
    private final ReportRenderer renderer;
    private final ReportRepository repository;
    private final Timer rendered;

    ReportService(
            TaskSpawner spawner,
            QuoteService quotes,
            ReportRenderer renderer,
            ReportRepository repository,
            MeterRegistry meters) {
        this.spawner = spawner;
        this.quotes = quotes;
        this.renderer = renderer;
        this.repository = repository;
        this.rendered = Timer.builder("demo.reports")
                .description("Reports rendered and stored")
                .register(meters);
    }

    /** Asks the sources, then renders and stores on the blocking pool. The report is in the database on return. */
    Report create(Item item) throws InterruptedException {
        Comparison comparison = quotes.compare(item);
        JoinHandle<Report> report = spawner.spawnBlocking(() -> renderAndStore(comparison));
        return report.join();
    }

    private Report renderAndStore(Comparison comparison) {
        Report report = renderer.render(comparison);
        repository.save(report);
        rendered.record(report.renderMillis(), TimeUnit.MILLISECONDS);
        return report;
    }
}
