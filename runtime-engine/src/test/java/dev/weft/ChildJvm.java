/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Another JVM with the engine, the tests and the flags of this run's mode. */
public final class ChildJvm {

    private static final long LIMIT_SECONDS = 40;

    /** What a JVM left behind. */
    public record Ended(int exitCode, List<String> out, List<String> err) {
    }

    private ChildJvm() {}

    /**
     * Runs a program to its end.
     *
     * @throws AssertionError when it does not end, with what it said and what its threads are doing
     */
    public static Ended run(Class<?> main, String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(tool("java"), "-ea", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        if (Runtimes.dedicated()) {
            command.addAll(List.of("--add-opens", "java.base/java.lang=ALL-UNNAMED"));
        }
        command.addAll(
                List.of("-cp", placeOf(main) + System.getProperty("path.separator") + placeOf(WeftRuntime.class)));
        command.add(main.getName());
        command.addAll(List.of(args));
        return run(command);
    }

    private static Ended run(List<String> command) throws IOException, InterruptedException {
        Path out = Files.createTempFile("weft-child", ".out"); // files, for a pipe that nobody reads would stop the child
        Path err = Files.createTempFile("weft-child", ".err");
        Process child = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        try {
            child.getOutputStream().close();
            if (!child.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError(String.join(" ", command) + "\nhas not ended. It said\n"
                        + String.join("\n", lines(out)) + "\n\nand\n" + String.join("\n", lines(err)) + "\n\n"
                        + threadsOf(child));
            }
            return new Ended(child.exitValue(), lines(out), lines(err));
        } finally {
            child.destroyForcibly().waitFor();
            Files.delete(out);
            Files.delete(err);
        }
    }

    private static String threadsOf(Process child) throws IOException, InterruptedException {
        Path dump = Files.createTempFile("weft-child", ".threads");
        try {
            Process jcmd = new ProcessBuilder(tool("jcmd"), Long.toString(child.pid()), "Thread.print")
                    .redirectErrorStream(true)
                    .redirectOutput(dump.toFile())
                    .start();
            if (!jcmd.waitFor(LIMIT_SECONDS / 4, TimeUnit.SECONDS)) {
                jcmd.destroyForcibly().waitFor();
            }
            return String.join("\n", lines(dump));
        } finally {
            Files.delete(dump);
        }
    }

    private static List<String> lines(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8).lines().toList();
    }

    private static String tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }

    private static Path placeOf(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
