/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGTERM in the middle of traffic loses nothing.
 *
 * <p>The rule. A request is <em>accepted</em> when the application began it: the ledger, its outermost filter, wrote
 * its id into the log. Every accepted request must have a whole answer on the client's side, and it must be a good one.
 * A request that was not accepted must have been refused visibly: no connection, a connection that closed before the
 * first byte of an answer, or Tomcat's own 503 for a connection that it had taken and not yet read. Refusals may happen
 * only after SIGTERM. Each request has a connection of its own and is sent once, so nothing can hide in a reused
 * connection or a silent repetition.
 *
 * <p>Both sides are counted: the ids in the demo's log against the answers of the clients, and the reports that clients
 * were told of against the rows of the database file, opened after the process has ended.
 */
@Tag("stress")
@Timeout(300)
class ShutdownUnderLoadIT {

    private static final int REQUESTS = 23_000;
    private static final int BEFORE_SIGTERM = 21_000;
    private static final int PER_SECOND = 280;
    private static final int FIGURES = 7;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    @Test
    void everyAcceptedRequestIsAnsweredAndEveryAcceptedReportIsStored() throws Exception {
        try (DemoProcess demo = DemoProcess.start(
                directory,
                "--logging.level.dev.weft.demo.web.RequestLedger=trace",
                "--demo.quotes.deadline=250ms",
                "--demo.sources[0].name=near",
                "--demo.sources[0].latency=5ms",
                "--demo.sources[0].jitter=20ms",
                "--demo.sources[1].name=far",
                "--demo.sources[1].latency=40ms",
                "--demo.sources[1].jitter=120ms",
                "--demo.sources[1].failure-rate=0.05",
                "--demo.sources[2].name=tardy",
                "--demo.sources[2].latency=150ms",
                "--demo.sources[2].jitter=150ms")) {
            AtomicLong terminatedAt = new AtomicLong();

            List<Exchange> exchanges = new OpenModelLoad(demo.port(), PER_SECOND)
                    .send(REQUESTS, BEFORE_SIGTERM, () -> {
                        terminatedAt.set(System.nanoTime());
                        demo.terminate();
                    });
            int exit = demo.awaitExit(90);

            assertThat(exit).isEqualTo(DemoProcess.TERMINATED);
            assertThat(exchanges).hasSize(REQUESTS);
            Set<String> accepted = ledger(demo, "accepted");
            assertThat(without(accepted, ledger(demo, "answered"))).as("begun by the server and not ended").isEmpty();
            acceptedOnesWereAnswered(exchanges, accepted);
            refusedOnesCameTooLate(exchanges, accepted, terminatedAt.get());
            reportsAreStored(exchanges);
            assertThat(demo.log())
                    .containsPattern("runtime 'main' shut down in \\d+ ms")
                    .containsPattern("Answered (\\d+) of \\1 accepted requests")
                    .doesNotContain("still running");
            System.out.printf(
                    "%d requests, %d accepted and answered, %d refused after SIGTERM, last answer %d ms after it%n",
                    REQUESTS, accepted.size(), REQUESTS - accepted.size(),
                    lastAnswerAfter(exchanges, terminatedAt.get()));
        }
    }

    private static void acceptedOnesWereAnswered(List<Exchange> exchanges, Set<String> accepted) {
        assertThat(accepted).as("most of the load came before SIGTERM").hasSizeGreaterThanOrEqualTo(20_000);
        assertThat(exchanges)
                .filteredOn(exchange -> accepted.contains(exchange.id()))
                .filteredOn(Predicate.not(ShutdownUnderLoadIT::isGood))
                .as("accepted and not answered well")
                .isEmpty();
    }

    private static boolean isGood(Exchange exchange) {
        return exchange.end() == Exchange.End.ANSWERED && exchange.status() == (exchange.report() ? 201 : 200);
    }

    private static void refusedOnesCameTooLate(List<Exchange> exchanges, Set<String> accepted, long terminatedAt) {
        List<Exchange> others = exchanges.stream()
                .filter(exchange -> !accepted.contains(exchange.id()))
                .toList();
        assertThat(others).as("the load went on after SIGTERM").isNotEmpty();
        assertThat(others).allSatisfy(exchange -> {
            assertThat(exchange.end() == Exchange.End.REFUSED || exchange.status() == 503)
                    .as("%s", exchange)
                    .isTrue();
            assertThat(exchange.endedAt() - terminatedAt).as("%s", exchange).isPositive();
        });
    }

    private void reportsAreStored(List<Exchange> exchanges) throws SQLException {
        Map<String, Long> promised = exchanges.stream()
                .filter(exchange -> exchange.report() && exchange.status() == 201)
                .collect(Collectors.groupingBy(exchange -> idIn(exchange.body()), Collectors.counting()));
        assertThat(promised).hasSizeGreaterThanOrEqualTo(200);

        Map<String, Integer> stored = storedFigures();

        assertThat(stored.keySet()).as("reports in the database").isEqualTo(promised.keySet());
        assertThat(stored.values()).as("figures of each report")
                .allMatch(figures -> figures == FIGURES || figures == 0);
    }

    /** Returns the number of figures of each report, or -1 when it has some although no source answered. */
    private Map<String, Integer> storedFigures() throws SQLException {
        Map<String, Integer> figures = new HashMap<>();
        try (Connection database = DriverManager.getConnection(DemoProcess.database(directory), "sa", "");
                Statement statement = database.createStatement();
                ResultSet rows = statement.executeQuery("select id, answered,"
                        + " (select count(*) from figure where report_id = report.id) as figures from report")) {
            while (rows.next()) {
                boolean answered = rows.getInt("answered") > 0;
                int count = rows.getInt("figures");
                figures.put(rows.getString("id"), answered == count > 0 ? count : -1);
            }
        }
        return figures;
    }

    private static String idIn(String body) {
        var matcher = Pattern.compile("\"id\":\"([0-9a-f-]{36})\"").matcher(body);
        assertThat(matcher.find()).as(body).isTrue();
        return matcher.group(1);
    }

    private static Set<String> ledger(DemoProcess demo, String what) throws IOException {
        return demo.find(Pattern.compile(" " + what + " ((?:price|quote|report)-\\d+)$", Pattern.MULTILINE))
                .map(match -> match.group(1))
                .collect(Collectors.toMap(Function.identity(), Function.identity(), (one, twice) -> {
                    throw new AssertionError(what + " twice: " + twice);
                }))
                .keySet();
    }

    private static Set<String> without(Set<String> all, Set<String> some) {
        Set<String> rest = new TreeSet<>(all);
        rest.removeAll(some);
        return rest;
    }

    private static long lastAnswerAfter(List<Exchange> exchanges, long terminatedAt) {
        return exchanges.stream()
                .filter(exchange -> exchange.end() == Exchange.End.ANSWERED)
                .mapToLong(exchange -> TimeUnit.NANOSECONDS.toMillis(exchange.endedAt() - terminatedAt))
                .max()
                .orElseThrow();
    }
}
