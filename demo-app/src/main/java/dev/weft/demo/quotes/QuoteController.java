/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.quotes;

import dev.weft.demo.web.Item;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.format.annotation.DurationFormat;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /quotes/{item}}. */
@RestController
class QuoteController {

    private final QuoteService quotes;

    QuoteController(QuoteService quotes) {
        this.quotes = quotes;
    }

    @GetMapping("/quotes/{item}")
    Comparison quotes(
            @PathVariable Item item,
            @RequestParam(required = false) @DurationFormat(style = DurationFormat.Style.SIMPLE) @Nullable Duration deadline)
            throws InterruptedException {
        return deadline == null ? quotes.compare(item) : quotes.compare(item, deadline);
    }
}
