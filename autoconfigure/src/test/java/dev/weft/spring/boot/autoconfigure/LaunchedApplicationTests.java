/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A batch application in a JVM of its own, started in the ways that docs/modes.md describes. */
@Timeout(300)
class LaunchedApplicationTests {

    private static final long EXIT_SECONDS = 60;
    private static final String FLAG = "--add-opens=java.base/java.lang=ALL-UNNAMED";

    @TempDir
    Path directory;

    @Test
    void exitsByItselfAndNamesTheFlagOnTheClassPath() throws Exception {
        Run run = launch("", "-cp", classPath(), BatchApplication.class.getName());
        assertThat(run.output)
                .contains("result: 42")
                .contains("detached task ended")
                .containsPattern("INFO .*WeftRuntime.*Weft: mode shared")
                .contains("--add-opens java.base/java.lang=ALL-UNNAMED");
        assertThat(run.exitCode).isZero();
    }

    @Test
    void isDedicatedWithTheFlag() throws Exception {
        Run run = launch("", FLAG, "-cp", classPath(), BatchApplication.class.getName());
        assertThat(run.output).containsPattern("INFO .*Weft: mode dedicated").contains("result: 42");
        assertThat(run.exitCode).isZero();
    }

    @Test
    void isDedicatedWithTheEnvironmentVariable() throws Exception {
        Run run = launch(FLAG, "-cp", classPath(), BatchApplication.class.getName());
        assertThat(run.output).containsPattern("INFO .*Weft: mode dedicated").contains("result: 42");
        assertThat(run.exitCode).isZero();
    }

    @Test
    void isDedicatedWithTheManifest() throws Exception {
        Run run = launch("", "-jar", jar(true).toString());
        assertThat(run.output).containsPattern("INFO .*Weft: mode dedicated").contains("result: 42");
        assertThat(run.exitCode).isZero();
    }

    @Test
    void namesTheManifestLineWhenStartedFromAJar() throws Exception {
        Run run = launch("", "-jar", jar(false).toString());
        assertThat(run.output)
                .containsPattern("INFO .*Weft: mode shared")
                .contains("Add-Opens: java.base/java.lang")
                .contains("batch.jar");
        assertThat(run.exitCode).isZero();
    }

    @Test
    void doesNotStartWhenDedicatedModeIsAskedForInVain() throws Exception {
        Run run = launch("", "-cp", classPath(), BatchApplication.class.getName(), "--weft.runtime.mode=dedicated");
        assertThat(run.output)
                .contains("APPLICATION FAILED TO START")
                .contains("mode 'dedicated', which this JVM does not allow")
                .contains("--add-opens java.base/java.lang=ALL-UNNAMED")
                .contains("weft.runtime.mode");
        assertThat(run.exitCode).isEqualTo(1);
    }

    private Path jar(boolean opens) throws IOException {
        Path jar = directory.resolve("batch.jar");
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.MAIN_CLASS, BatchApplication.class.getName());
        attributes.put(
                Attributes.Name.CLASS_PATH,
                Arrays.stream(classPath().split(File.pathSeparator))
                        .map(entry -> Path.of(entry).toUri().toString())
                        .collect(Collectors.joining(" ")));
        if (opens) {
            attributes.putValue("Add-Opens", "java.base/java.lang");
        }
        try (OutputStream file = Files.newOutputStream(jar)) {
            new JarOutputStream(file, manifest).close();
        }
        return jar;
    }

    private static String classPath() {
        return System.getProperty("java.class.path");
    }

    private Run launch(String javaOptions, String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:TieredStopAtLevel=1");
        command.addAll(List.of(arguments));
        Path output = directory.resolve("output.txt");
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("JDK_JAVA_OPTIONS", javaOptions);
        Process process = builder.start();
        try {
            boolean exited = process.waitFor(EXIT_SECONDS, TimeUnit.SECONDS);
            String text = Files.readString(output);
            assertThat(exited).as("exits by itself; output:%n%s", text).isTrue();
            return new Run(process.exitValue(), text);
        } finally {
            process.destroyForcibly();
        }
    }

    private record Run(int exitCode, String output) {}
}
