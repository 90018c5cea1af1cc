/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.reports;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A rendered report.
 *
 * @param id unique
 * @param item what it is about
 * @param createdAt when it was rendered
 * @param asked how many sources were asked
 * @param answered how many of them had an answer in time
 * @param renderMillis how long rendering took
 * @param text for a person
 * @param figures the numbers behind the text, in its order
 */
record Report(
        UUID id,
        String item,
        Instant createdAt,
        int asked,
        int answered,
        long renderMillis,
        String text,
        List<Figure> figures) {

    /** The figures as comma-separated values with a header line. */
    String csv() {
        StringBuilder csv = new StringBuilder("figure,amount\r\n");
        figures.forEach(
                figure -> csv.append(figure.name()).append(',').append(figure.amount().toPlainString()).append("\r\n"));
        return csv.toString();
    }

    /** One row of the list of reports. */
    record Summary(UUID id, String item, Instant createdAt, int asked, int answered, long renderMillis) {}
}
