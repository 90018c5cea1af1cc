/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.quotes;

import dev.weft.demo.sources.SourceProperties;
import java.net.http.HttpClient;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** All configured sources, on one HTTP client. */
@Component
class QuoteSources implements DisposableBean {

    private final HttpClient client;
    private final List<QuoteSource> all;

    QuoteSources(SourceProperties sources, QuoteProperties quotes, JsonMapper json, Environment environment) {
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(quotes.connectTimeout())
                .build();
        this.all = sources.sources().stream()
                .map(source -> new QuoteSource(source.name(), addressOf(source, environment), client, json))
                .toList();
    }

    List<QuoteSource> all() {
        return all;
    }

    @Override
    public void destroy() {
        client.shutdownNow();
    }

    private static Supplier<String> addressOf(SourceProperties.Source source, Environment environment) {
        String url = source.url();
        if (url != null) {
            return () -> url;
        }
        String host = environment.getProperty("server.address", "127.0.0.1");
        return () -> "http://%s:%s/sources/%s/{item}"
                .formatted(host, environment.getRequiredProperty("local.server.port"), source.name());
    }
}
