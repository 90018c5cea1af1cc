/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.reports;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/** The stored reports. Thread-safe; blocks on the database. */
@Repository
class ReportRepository {

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    ReportRepository(JdbcClient jdbc, TransactionTemplate transaction) {
        this.jdbc = jdbc;
        this.transaction = transaction;
    }

    /** Stores a report with all its figures, or nothing. */
    void save(Report report) {
        transaction.executeWithoutResult(status -> {
            jdbc.sql("insert into report (id, item, created_at, asked, answered, render_millis, text)"
                    + " values (?, ?, ?, ?, ?, ?, ?)")
                    .params(
                            report.id(),
                            report.item(),
                            report.createdAt().atOffset(ZoneOffset.UTC),
                            report.asked(),
                            report.answered(),
                            report.renderMillis(),
                            report.text())
                    .update();
            int position = 0;
            for (Figure figure : report.figures()) {
                jdbc.sql("insert into figure (report_id, position, name, amount) values (?, ?, ?, ?)")
                        .params(report.id(), position++, figure.name(), figure.amount())
                        .update();
            }
        });
    }

    /** Returns the newest reports first. */
    List<Report.Summary> latest(int limit) {
        return jdbc.sql("select id, item, created_at, asked, answered, render_millis"
                + " from report order by created_at desc, id fetch first ? rows only")
                .param(limit)
                .query((row, number) -> new Report.Summary(
                        row.getObject("id", UUID.class),
                        row.getString("item"),
                        createdAt(row),
                        row.getInt("asked"),
                        row.getInt("answered"),
                        row.getLong("render_millis")))
                .list();
    }

    Optional<Report> find(UUID id) {
        List<Figure> figures = jdbc.sql("select name, amount from figure where report_id = ? order by position")
                .param(id)
                .query((row, number) -> new Figure(row.getString("name"), row.getBigDecimal("amount")))
                .list();
        return jdbc.sql("select id, item, created_at, asked, answered, render_millis, text from report where id = ?")
                .param(id)
                .query((row, number) -> new Report(
                        row.getObject("id", UUID.class),
                        row.getString("item"),
                        createdAt(row),
                        row.getInt("asked"),
                        row.getInt("answered"),
                        row.getLong("render_millis"),
                        row.getString("text"),
                        figures))
                .optional();
    }

    long count() {
        return jdbc.sql("select count(*) from report").query(Long.class).single();
    }

    private static Instant createdAt(ResultSet row) throws SQLException {
        return row.getObject("created_at", OffsetDateTime.class).toInstant();
    }
}
