/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.web;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/** Logs the sums of the ledger when the application stops: a bean of its own, as a filter is destroyed twice. */
@Component
class LedgerReport implements DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(LedgerReport.class);

    private final RequestLedger ledger;

    LedgerReport(RequestLedger ledger) {
        this.ledger = ledger;
    }

    @Override
    public void destroy() {
        log.info("Answered {} of {} accepted requests", ledger.answered(), ledger.accepted());
    }
}
