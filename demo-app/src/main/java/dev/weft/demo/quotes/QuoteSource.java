/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.quotes;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriComponentsBuilder;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** A source of quotes behind HTTP. Thread-safe. */
final class QuoteSource {

    private final String name;
    private final Supplier<String> address;
    private final HttpClient client;
    private final JsonMapper json;

    /**
     * @param address with {@code {item}} in it; asked for at each question, since the demo's own port is known late
     */
    QuoteSource(String name, Supplier<String> address, HttpClient client, JsonMapper json) {
        this.name = name;
        this.address = address;
        this.client = client;
        this.json = json;
    }

    String name() {
        return name;
    }

    /**
     * Asks, and waits for the answer. An abort of the calling task ends the exchange: the client gives the connection
     * up as soon as the wait is interrupted.
     *
     * @throws IOException when there is no usable answer
     */
    Quote quote(String item) throws IOException, InterruptedException {
        long start = System.nanoTime();
        HttpResponse<String> response = client.send(question(item), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException("answered with status " + response.statusCode());
        }
        PriceTag tag = read(response.body());
        if (tag.price() == null) {
            throw new IOException("answered without a price");
        }
        String currency = tag.currency() == null ? "EUR" : tag.currency();
        return new Quote(name, tag.price(), currency, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
    }

    private HttpRequest question(String item) {
        URI uri = UriComponentsBuilder.fromUriString(address.get()).encode().build(item);
        return HttpRequest.newBuilder(uri).header("Accept", "application/json").build();
    }

    private PriceTag read(String body) throws IOException {
        try {
            return json.readValue(body, PriceTag.class);
        } catch (JacksonException unreadable) {
            throw new IOException("answered with something that is not a quote", unreadable);
        }
    }

    private record PriceTag(@Nullable BigDecimal price, @Nullable String currency) {}
}
