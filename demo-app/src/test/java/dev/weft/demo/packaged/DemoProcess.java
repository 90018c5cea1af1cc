/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.packaged;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The demo as {@code java -jar} starts it, with no JVM flag that dedicated mode would need. */
final class DemoProcess implements AutoCloseable {

    private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");
    private static final Pattern STARTED = Pattern.compile("Started DemoApplication in ");

    /** What a JVM ends with after SIGTERM. */
    static final int TERMINATED = 128 + 15;

    private final Process process;
    private final Path log;

    private DemoProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts it on a free port with its database in the directory, and waits until it serves. */
    static DemoProcess start(Path directory, String... arguments) throws IOException, InterruptedException {
        Path log = directory.resolve("demo.log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx512m", "-jar", jar().toString()));
        command.add("--server.port=0");
        command.add("--spring.datasource.url=" + database(directory));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        // Flags that the environment adds would hide a manifest that lost its own.
        builder.environment().keySet().removeAll(List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS"));
        DemoProcess demo = new DemoProcess(builder.start(), log);
        try {
            demo.awaitStart();
            return demo;
        } catch (Throwable failed) {
            demo.close();
            throw failed;
        }
    }

    static String database(Path directory) {
        return "jdbc:h2:retry:" + directory.resolve("weft-demo").toAbsolutePath() + ";DB_CLOSE_ON_EXIT=FALSE";
    }

    int port() throws IOException {
        return Integer.parseInt(find(PORT).findFirst().orElseThrow().group(1));
    }

    void terminate() {
        process.destroy();
    }

    /** Waits for the end and returns the exit code. */
    int awaitExit(long seconds) throws InterruptedException, IOException {
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            throw new AssertionError("the demo still runs after " + seconds + " s:\n" + tail());
        }
        return process.exitValue();
    }

    Stream<MatchResult> find(Pattern pattern) throws IOException {
        return pattern.matcher(log()).results();
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    private void awaitStart() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (find(STARTED).findAny().isEmpty()) {
            if (process.waitFor(100, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
                throw new AssertionError("the demo did not start:\n" + tail());
            }
        }
    }

    private String tail() throws IOException {
        List<String> lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    }

    private static Path jar() {
        String jar = System.getProperty("weft.demo.jar");
        if (jar == null) {
            throw new IllegalStateException("weft.demo.jar names no jar; Failsafe sets it after the package phase");
        }
        return Path.of(jar).toAbsolutePath();
    }
}
