/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table of properties in docs/configuration.md is the generated metadata in other words. */
class ConfigurationDocumentationTests {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(weft\\.[^`]+)` \\| (.+?) \\| (.+) \\|$");

    @Test
    void everyPropertyIsDocumentedWithItsDefault() throws Exception {
        Map<String, String> documented = new TreeMap<>();
        Matcher rows = ROW.matcher(Files.readString(Path.of("../docs/configuration.md")));
        while (rows.find()) {
            String cell = rows.group(2);
            documented.put(rows.group(1), cell.startsWith("`") ? cell.substring(1, cell.length() - 1) : "");
        }
        Map<String, String> generated = new TreeMap<>();
        properties().forEach((name, property) -> {
            Object defaultValue = property.get("defaultValue");
            generated.put(name, defaultValue == null ? "" : defaultValue.toString());
        });
        assertThat(documented).isEqualTo(generated);
    }

    @Test
    void everyPropertyHasADescription() throws Exception {
        assertThat(properties()).allSatisfy((name, property) -> assertThat((String) property.get("description"))
                .as(name)
                .isNotBlank()
                .doesNotContainPattern("^(The|A) "));
    }

    private static Map<String, Map<String, Object>> properties() throws IOException {
        List<Map<String, Object>> generated = JsonPath.parse(
                new File("target/classes/META-INF/spring-configuration-metadata.json"))
                .read("$.properties");
        Map<String, Map<String, Object>> properties = new TreeMap<>();
        generated.forEach(property -> properties.put((String) property.get("name"), property));
        return properties;
    }
}
