/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.reports;

import dev.weft.demo.web.InvalidValueException;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code demo.reports}: how much work a report is.
 *
 * @param paths how many futures the forecast plays through
 * @param days how far it looks
 */
@ConfigurationProperties("demo.reports")
public record ReportProperties(@DefaultValue("5000") int paths, @DefaultValue("90") int days) {

    public ReportProperties {
        if (paths < 100 || paths > 1_000_000) {
            throw new InvalidValueException("demo.reports.paths", paths, "100 to 1000000");
        }
        if (days < 1 || days > 3650) {
            throw new InvalidValueException("demo.reports.days", days, "1 to 3650");
        }
    }
}
