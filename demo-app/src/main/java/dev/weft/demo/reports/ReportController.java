/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.reports;

import dev.weft.demo.web.InvalidValueException;
import dev.weft.demo.web.Item;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** {@code /reports}. */
@RestController
@RequestMapping("/reports")
class ReportController {

    private static final int MOST = 200;

    private final ReportService service;
    private final ReportRepository repository;

    ReportController(ReportService service, ReportRepository repository) {
        this.service = service;
        this.repository = repository;
    }

    /** Answers 201 when the report is stored, never earlier. */
    @PostMapping
    ResponseEntity<Report> create(@RequestBody NewReport order) throws InterruptedException {
        if (order.item() == null) {
            throw new InvalidValueException("item", "null", "the name of an item");
        }
        Report report = service.create(Item.of(order.item()));
        return ResponseEntity.created(URI.create("/reports/" + report.id())).body(report);
    }

    @GetMapping
    List<Report.Summary> list(@RequestParam(defaultValue = "20") int limit) {
        if (limit < 1 || limit > MOST) {
            throw new InvalidValueException("limit", limit, "1 to " + MOST);
        }
        return repository.latest(limit);
    }

    @GetMapping("/{id}")
    Report report(@PathVariable UUID id) {
        return repository.find(id).orElseThrow(() -> noSuchReport(id));
    }

    @GetMapping(path = "/{id}/text", produces = "text/plain;charset=UTF-8")
    String text(@PathVariable UUID id) {
        return report(id).text();
    }

    @GetMapping(path = "/{id}/csv", produces = "text/csv;charset=UTF-8")
    String csv(@PathVariable UUID id) {
        return report(id).csv();
    }

    private static ResponseStatusException noSuchReport(UUID id) {
        return new ResponseStatusException(HttpStatus.NOT_FOUND, "no report has the id " + id);
    }

    record NewReport(@Nullable String item) {}
}
