/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.openjdk.jcstress.infra.runners.TestList;

/** Runs jcstress: every test holds, and every broken twin (a test whose class name starts with Broken) is found out. */
class JcstressIT {

    private static final String MODE = System.getProperty("jcstress.mode", "quick");
    private static final String WANTED = System.getProperty("jcstress.tests", ".*");
    private static final Path DIRECTORY = Path.of(System.getProperty("jcstress.directory", "target/jcstress"));

    private static final String MILLIS = System.getProperty("jcstress.iterationMillis", "50");
    private static final Duration LIMIT = Duration.ofMinutes(Long.getLong("jcstress.limitMinutes", 30));
    private static final String OPEN_TO_US = "--add-opens=java.base/java.lang=ALL-UNNAMED";

    private static final Pattern BROKEN = Pattern.compile("[.$]Broken");

    @Test
    void testsHold() throws Exception {
        List<String> tests = selected(false);
        assertThat(tests).as("tests matching %s", WANTED).isNotEmpty();

        Run run = run("tests", tests, "-jvmArgsPrepend", OPEN_TO_US, "-time", MILLIS);

        assertThat(run.exitCode()).as(run.log()).isZero();
        assertThat(run.log()).as("all have as many processors as actors").doesNotContain("would not run");
    }

    /** A twin is looked at in the one configuration that shows the most, and only if it holds there in all of them. */
    @TestFactory
    Stream<DynamicTest> brokenTwinsAreFoundOut() throws Exception {
        List<String> twins = selected(true);
        if (twins.isEmpty()) {
            return Stream.empty();
        }
        Run first = run("twins", twins, "-jvmArgs", "-XX:-TieredCompilation", "-sc", "false", "-iters", "15", "-time",
                "100");
        return twins.stream().map(twin -> DynamicTest.dynamicTest(twin, () -> {
            if (!first.foundOut(twin)) {
                Run second = run(twin, List.of(twin));
                assertThat(second.foundOut(twin)).as(second.log()).isTrue();
            }
        }));
    }

    private static List<String> selected(boolean broken) {
        Pattern wanted = Pattern.compile(WANTED);
        return TestList.tests().stream()
                .filter(test -> BROKEN.matcher(test).find() == broken)
                .filter(test -> wanted.matcher(test).find())
                .sorted()
                .toList();
    }

    /** jcstress tells its verdict by the exit code of its main class only, so it gets a process of its own. */
    private static Run run(String name, List<String> tests, String... options)
            throws IOException, InterruptedException {
        Path directory = Files.createDirectories(DIRECTORY.resolve(name));
        Path log = directory.resolve("console.log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "org.openjdk.jcstress.Main",
                "-m",
                MODE,
                "-t",
                tests.stream().map(Pattern::quote).collect(Collectors.joining("|", "^(?:", ")$")),
                "-r",
                directory.toString()));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(process.waitFor(LIMIT.toMinutes(), TimeUnit.MINUTES))
                    .as("%s end: a test in which nobody is woken never does, see %s", name, log)
                    .isTrue();
            return new Run(process.exitValue(), Files.readString(log));
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroy();
        }
    }

    private record Run(int exitCode, String log) {

        boolean foundOut(String twin) {
            return exitCode != 0
                    && Pattern.compile("FAILED\\] " + Pattern.quote(twin) + "$", Pattern.MULTILINE)
                            .matcher(log)
                            .find();
        }
    }
}
