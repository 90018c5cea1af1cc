/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
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

    private static final Pattern BROKEN = Pattern.compile("[.$]Broken");

    @Test
    void testsHold() throws Exception {
        assertThat(selected(false)).as("tests matching %s", WANTED).isNotEmpty();

        Run run = run("tests", "^(?!.*[.$]Broken).*(?:" + WANTED + ")");

        assertThat(run.exitCode()).as(run.log()).isZero();
    }

    @TestFactory
    Stream<DynamicTest> brokenTwinsAreFoundOut() {
        return selected(true).map(test -> DynamicTest.dynamicTest(test, () -> {
            Run run = run(test, "^" + Pattern.quote(test) + "$");

            assertThat(run.exitCode()).as(run.log()).isNotZero();
            assertThat(run.log()).containsPattern("FAILED\\] " + Pattern.quote(test));
        }));
    }

    private static Stream<String> selected(boolean broken) {
        Pattern wanted = Pattern.compile(WANTED);
        return TestList.tests().stream()
                .filter(test -> BROKEN.matcher(test).find() == broken)
                .filter(test -> wanted.matcher(test).find())
                .sorted();
    }

    /** jcstress tells its verdict by the exit code of its main class only, so it gets a process of its own. */
    private static Run run(String name, String tests) throws IOException, InterruptedException {
        Path directory = Files.createDirectories(DIRECTORY.resolve(name));
        Path log = directory.resolve("console.log");
        Process process = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "org.openjdk.jcstress.Main",
                "-m",
                MODE,
                "-t",
                tests,
                "-r",
                directory.toString())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            return new Run(process.waitFor(), Files.readString(log));
        } finally {
            process.destroy();
        }
    }

    private record Run(int exitCode, String log) {}
}
