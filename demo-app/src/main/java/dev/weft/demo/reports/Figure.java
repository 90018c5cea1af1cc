/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.reports;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** A number in a report, by its name. */
record Figure(String name, BigDecimal amount) {

    static Figure of(String name, double amount) {
        return new Figure(name, BigDecimal.valueOf(amount).setScale(2, RoundingMode.HALF_UP));
    }
}
