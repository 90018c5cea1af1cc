/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.quotes;

import dev.weft.demo.web.Item;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.stereotype.Component;

/**
 * Asks once before the application says that it is ready: the first visitor's deadline is not for loading classes.
 */
@Component
class WarmUp implements ApplicationRunner {

    private final QuoteService quotes;
    private final QuoteProperties properties;

    WarmUp(QuoteService quotes, QuoteProperties properties) {
        this.quotes = quotes;
        this.properties = properties;
    }

    @Override
    public void run(ApplicationArguments arguments) throws InterruptedException {
        if (properties.warmUp().isPositive()) {
            quotes.compare(new Item("warm-up"), properties.warmUp());
        }
    }
}
