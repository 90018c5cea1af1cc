/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.task.JoinHandle;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringWriter;
import java.io.Writer;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The plain Java of README.md compiles as it stands there, and does what its comments say. */
@Timeout(60)
class ReadmeTests {

    private static final Pattern EXAMPLE = Pattern.compile("(?s)\n## Plain Java\n+```java\n(.*?)```");

    private static final String IMPORTS = """
            import static java.time.Duration.ofMillis;

            import dev.weft.Task;
            import dev.weft.WeftRuntime;
            import dev.weft.scope.JoinSet;
            import dev.weft.task.JoinHandle;
            import dev.weft.time.Time;
            """;

    @TempDir
    Path classes;

    @Test
    void quickStartCompilesWithTheHttpClientOfTheJdk() throws Exception {
        compile(IMPORTS + """
                import static java.net.http.HttpResponse.BodyHandlers.ofString;

                class Example {
                    static void run(java.net.http.HttpClient client, java.net.http.HttpRequest request, String report)
                            throws Exception {
                %s
                    }

                    static byte[] render(String report) {
                        return new byte[0];
                    }
                }
                """.formatted(example()));
    }

    @Test
    void quickStartRuns() throws Exception {
        compile(IMPORTS + """
                public class Example {
                    record Page(String body) {}

                    static class Client {
                        Page send(String request, String handler) throws java.io.IOException, InterruptedException {
                            return new Page(request);
                        }
                    }

                    /** Stands in the place of the real one. */
                    static class System {
                        static java.io.PrintStream out;
                    }

                    static String ofString() {
                        return "";
                    }

                    static byte[] render(String report) {
                        return report.getBytes(java.nio.charset.StandardCharsets.UTF_8);
                    }

                    public static void run(java.io.PrintStream out) throws Exception {
                        Client client = new Client();
                        String request = "request";
                        String report = "report";
                        System.out = out;
                %s
                    }
                }
                """.formatted(example()));
        ByteArrayOutputStream printed = new ByteArrayOutputStream();

        try (URLClassLoader loader = new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
            PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
            loader.loadClass("Example").getMethod("run", PrintStream.class).invoke(null, out);
        }

        assertThat(printed.toString(StandardCharsets.UTF_8)).isEqualToNormalizingNewlines("[0, 2, 4, 6, 8]\nAB\n");
    }

    private static String example() throws Exception {
        Matcher found = EXAMPLE.matcher(Files.readString(Path.of("../README.md")));
        assertThat(found.find()).as("an example under 'Plain Java'").isTrue();
        return found.group(1);
    }

    private void compile(String text) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Writer complaints = new StringWriter();
        String path = locationOf(JoinHandle.class) + System.getProperty("path.separator")
                + locationOf(NullMarked.class);
        List<String> options = List.of("-d", classes.toString(), "-classpath", path, "-proc:none");
        var unit = List.of(new Source(text));

        boolean compiles = compiler.getTask(complaints, null, null, options, null, unit).call();

        assertThat(compiles).as("%s%n%s", complaints, text).isTrue();
    }

    private static String locationOf(Class<?> type) {
        return Path.of(URI.create(
                type.getProtectionDomain().getCodeSource().getLocation().toString()))
                .toString();
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String text) {
            super(URI.create("string:///Example.java"), JavaFileObject.Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
