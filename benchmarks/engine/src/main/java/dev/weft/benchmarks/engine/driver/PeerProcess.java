/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.driver;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A running peer. Not thread-safe.
 *
 * <p>A peer that does not answer in time is ended, and {@link #alive()} is false from then on: what it would answer to
 * later requests could not be trusted.
 */
final class PeerProcess implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration START_TIME = Duration.ofSeconds(20);
    private static final Duration END_TIME = Duration.ofSeconds(5);

    private final Process process;
    private final Path log;
    private final BufferedWriter requests;
    private final BufferedReader answers;
    private final String version;

    private PeerProcess(Process process, Path log) throws PeerFailure {
        this.process = process;
        this.log = log;
        this.requests = process.outputWriter(StandardCharsets.UTF_8);
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.version = answer(START_TIME).path("version").asString("unknown");
    }

    /** Starts the peer, whose standard error is appended to {@code log}, and waits until it is ready. */
    static PeerProcess start(List<String> command, Path log) throws PeerFailure {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            // A peer that hangs does not notice that the driver was interrupted, and would burn a core for ever.
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(process::destroyForcibly));
            return new PeerProcess(process, log);
        } catch (IOException e) {
            throw new PeerFailure("does not start: " + e.getMessage());
        }
    }

    String version() {
        return version;
    }

    boolean alive() {
        return process.isAlive();
    }

    /** CPU time so far, in the operating system's steps. */
    Duration cpuTime() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    Cost run(String shape, int iterations, Duration limit) throws PeerFailure {
        try {
            requests.write("run " + shape + " " + iterations + "\n");
            requests.flush();
        } catch (IOException e) {
            throw new PeerFailure("the process has ended");
        }
        JsonNode answer = answer(limit);
        if (answer.has("error")) {
            throw new PeerFailure(answer.get("error").asString());
        }
        JsonNode alloc = answer.path("alloc");
        return new Cost(
                answer.get("nanos").asDouble(),
                answer.get("cpu").asDouble(),
                alloc.isNumber() ? alloc.asDouble() : null);
    }

    private JsonNode answer(Duration limit) throws PeerFailure {
        CompletableFuture<String> line = CompletableFuture.supplyAsync(this::readLine, reader -> Thread.ofPlatform()
                .daemon()
                .start(reader));
        try {
            String answer = line.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (answer.isEmpty()) {
                throw new PeerFailure("the process has ended");
            }
            return JSON.readTree(answer);
        } catch (TimeoutException e) {
            dumpThreads();
            end();
            throw new PeerFailure("no answer within " + limit.toSeconds() + " s");
        } catch (ExecutionException e) {
            throw new PeerFailure("the process has ended");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PeerFailure("interrupted");
        }
    }

    /** The next answer, or an empty line at the end of the stream. */
    private String readLine() {
        try {
            String line = answers.readLine();
            return line == null ? "" : line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Leaves beside the log what the threads of a JVM that does not answer are doing, virtual ones included. */
    private void dumpThreads() {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Path dump = log.resolveSibling(log.getFileName() + ".threads");
        try {
            new ProcessBuilder(
                    jcmd.toString(),
                    Long.toString(process.pid()),
                    "Thread.dump_to_file",
                    "-overwrite",
                    dump.toAbsolutePath().toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start()
                    .waitFor(END_TIME.toMillis(), TimeUnit.MILLISECONDS);
        } catch (IOException e) {
            // The dump is only a help; that the peer hangs is reported anyway.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends a peer that may not listen any more, and returns when it is gone. */
    private void end() {
        process.destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void close() {
        try {
            requests.close();
            if (!process.waitFor(END_TIME.toMillis(), TimeUnit.MILLISECONDS)) {
                end();
            }
        } catch (IOException e) {
            end();
        } catch (InterruptedException e) {
            end();
            Thread.currentThread().interrupt();
        }
    }
}
