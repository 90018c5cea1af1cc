/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table of management properties in docs/configuration.md is the generated metadata in other words. */
class ActuatorDocumentationTests {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(management\\.[^`]+)` \\| `(.+?)` \\| (.+) \\|$");

    private record Row(String defaultValue, String description) {}

    @Test
    void everyPropertyIsDocumented() throws Exception {
        Map<String, Row> documented = new TreeMap<>();
        Matcher rows = ROW.matcher(Files.readString(Path.of("../docs/configuration.md")));
        while (rows.find()) {
            documented.put(rows.group(1), new Row(rows.group(2), rows.group(3)));
        }
        List<Map<String, Object>> properties = JsonPath.parse(
                new File("target/classes/META-INF/spring-configuration-metadata.json"))
                .read("$.properties");
        Map<String, Row> generated = new TreeMap<>();
        properties.forEach(property -> generated.put(
                (String) property.get("name"),
                new Row(
                        property.get("defaultValue").toString().replace('_', '-'),
                        (String) property.get("description"))));
        assertThat(documented).isEqualTo(generated);
    }
}
