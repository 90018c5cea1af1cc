/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.chart;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The chart under test. */
final class Chart {

    /** Where it is, seen from the module's directory. */
    static final Path DIRECTORY = Path.of("..", "helm", "weft-demo");

    private static final String KUBERNETES = "1.33.0";

    private Chart() {}

    static LintResult lint() {
        return new Helm(DIRECTORY).lint().strict().call();
    }

    /** Renders it for a present-day cluster. */
    static List<Map<String, Object>> render(Consumer<TemplateCommand> values) {
        return render(KUBERNETES, values);
    }

    static List<Map<String, Object>> render(String kubernetes, Consumer<TemplateCommand> values) {
        TemplateCommand template = new Helm(DIRECTORY).template().withName("shop").withNamespace("demo")
                .withKubeVersion(kubernetes);
        values.accept(template);
        return documents(template.call());
    }

    /** Returns the one document of that kind. */
    static Map<String, Object> only(String kind, List<Map<String, Object>> documents) {
        List<Map<String, Object>> found = documents.stream().filter(document -> kind.equals(document.get("kind")))
                .toList();
        if (found.size() != 1) {
            throw new AssertionError("expected one " + kind + ", there are " + found.size());
        }
        return found.getFirst();
    }

    /** Reads a value by its path: names of keys, and indexes of lists. */
    static Object at(Object document, Object... path) {
        Object value = document;
        for (Object step : path) {
            value = step instanceof Integer index ? ((List<?>) value).get(index) : ((Map<?, ?>) value).get(step);
            if (value == null) {
                throw new AssertionError("nothing at '" + step + "' of " + List.of(path));
            }
        }
        return value;
    }

    static String yaml(Object document) {
        return new Yaml().dump(document);
    }

    @SuppressWarnings("unchecked")
    static List<Map<String, Object>> documents(String text) {
        Iterable<Object> all = new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(text);
        return StreamSupport.stream(all.spliterator(), false)
                .filter(Objects::nonNull)
                .map(document -> (Map<String, Object>) document)
                .toList();
    }
}
