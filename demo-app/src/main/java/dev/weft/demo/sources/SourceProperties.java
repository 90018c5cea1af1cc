/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.sources;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code demo.sources}: who is asked for quotes.
 *
 * @param sources at least one, each with its own name
 */
@ConfigurationProperties("demo")
public record SourceProperties(List<Source> sources) {

    public SourceProperties {
        if (sources.isEmpty()) {
            throw new IllegalArgumentException("demo.sources is empty, allowed: one source or more");
        }
        Set<String> names = new HashSet<>();
        for (Source source : sources) {
            if (!names.add(source.name())) {
                throw new IllegalArgumentException("demo.sources names '" + source.name() + "' twice");
            }
        }
        sources = List.copyOf(sources);
    }

    /**
     * One source.
     *
     * @param name what answers call it: lower-case letters, digits and dashes
     * @param url where it is asked, with {@code {item}} in it; simulated by the demo when absent
     * @param latency how long a simulated source takes at least
     * @param jitter how much longer it may take
     * @param failureRate the share of questions it answers with an error, 0 to 1
     */
    public record Source(
            String name,
            @Nullable String url,
            @DefaultValue("50ms") Duration latency,
            @DefaultValue("0ms") Duration jitter,
            @DefaultValue("0") double failureRate) {

        public Source {
            if (!name.matches("[a-z0-9][a-z0-9-]{0,31}")) {
                throw new IllegalArgumentException("demo.sources[].name is '" + name
                        + "', allowed: 1 to 32 lower-case letters, digits and dashes");
            }
            if (url != null && !url.contains("{item}")) {
                throw new IllegalArgumentException(
                        "demo.sources[].url of '" + name + "' is '" + url + "', allowed: an address with {item} in it");
            }
            Behaviour.check(latency, jitter, failureRate);
        }

        /** Returns whether the demo plays this source. */
        public boolean isSimulated() {
            return url == null;
        }
    }
}
