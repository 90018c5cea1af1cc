/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.chart;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The names in a PromQL expression: enough of the language to tell metrics from functions, labels and keywords.
 *
 * @param metrics names of metrics
 * @param labels names of labels, in selectors and in groupings
 */
record PromQl(Set<String> metrics, Set<String> labels) {

    private static final Pattern TEXT = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
    private static final Pattern RANGE = Pattern.compile("\\[[^]]*]");
    private static final Pattern SELECTOR = Pattern.compile("\\{([^}]*)}");
    private static final Pattern GROUPING = Pattern
            .compile("\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\(([^)]*)\\)");
    private static final Pattern NAME = Pattern
            .compile("(?<![a-zA-Z0-9_:.])[a-zA-Z_:][a-zA-Z0-9_:]*(?!\\s*\\(|[a-zA-Z0-9_:])");
    private static final Set<String> KEYWORDS = Set.of("and", "or", "unless", "bool", "offset", "Inf", "NaN");

    static PromQl of(String expression) {
        Set<String> labels = new LinkedHashSet<>();
        String rest = TEXT.matcher(expression).replaceAll("''");
        rest = RANGE.matcher(rest).replaceAll(" ");
        rest = SELECTOR.matcher(rest).replaceAll(match -> taken(match, matchers -> Arrays.stream(matchers.split(","))
                .map(matcher -> matcher.split("[=!]")[0].strip())
                .filter(label -> !label.isEmpty())
                .forEach(labels::add)));
        rest = GROUPING.matcher(rest).replaceAll(match -> taken(match, names -> Arrays.stream(names.split(","))
                .map(String::strip)
                .forEach(labels::add)));
        Set<String> metrics = new LinkedHashSet<>();
        NAME.matcher(rest)
                .results()
                .map(MatchResult::group)
                .filter(name -> !KEYWORDS.contains(name))
                .forEach(metrics::add);
        return new PromQl(metrics, labels);
    }

    private static String taken(MatchResult match, Consumer<String> content) {
        content.accept(match.group(1));
        return " ";
    }
}
