/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.peer;

import com.sun.management.ThreadMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/**
 * Answers the driver's requests, one line each, until standard input ends: {@code run SHAPE ITERATIONS} runs a shape,
 * {@code quit} ends the peer. Each answer is one JSON object on one line.
 *
 * <p>Whatever else the process prints to standard output goes to standard error instead.
 */
public final class PeerServer {

    private final Map<String, Workload> workloads;
    private final PrintStream answers;
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private PeerServer(Map<String, Workload> workloads, PrintStream answers) {
        this.workloads = workloads;
        this.answers = answers;
    }

    public static void serve(String peer, String version, Map<String, Workload> workloads) throws IOException {
        PrintStream answers = System.out;
        System.setOut(System.err);
        new PeerServer(workloads, answers).serve(peer, version);
    }

    private void serve(String peer, String version) throws IOException {
        answers.println("{\"peer\":" + quoted(peer) + ",\"version\":" + quoted(version) + "}");
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = requests.readLine(); line != null; line = requests.readLine()) {
            if (line.equals("quit")) {
                return;
            }
            answers.println(answer(line.split(" ")));
        }
    }

    private String answer(String[] request) {
        if (request.length != 3 || !request[0].equals("run")) {
            return error("expected: run SHAPE ITERATIONS, or quit");
        }
        Workload workload = workloads.get(request[1]);
        if (workload == null) {
            return error("unsupported");
        }
        try {
            return run(request[1], workload, Integer.parseInt(request[2]));
        } catch (NumberFormatException e) {
            return error("iterations must be a positive number");
        } catch (UnsupportedOperationException e) {
            return error(e.getMessage() == null ? "unsupported" : e.getMessage());
        } catch (Throwable e) {
            e.printStackTrace();
            return error(e.toString());
        }
    }

    private String run(String shape, Workload workload, int iterations) throws Exception {
        long bytesBefore = threads.getTotalThreadAllocatedBytes();
        long cpuBefore = Posix.processCpuNanos();
        long nanos = workload.timed().run(iterations);
        long cpu = Posix.processCpuNanos() - cpuBefore;
        long bytes = threads.getTotalThreadAllocatedBytes() - bytesBefore;
        long operations = workload.operationsPerIteration() * iterations;
        return String.format(
                Locale.ROOT,
                "{\"shape\":%s,\"operations\":%d,\"nanos\":%.3f,\"cpu\":%.3f,\"alloc\":%.1f}",
                quoted(shape),
                operations,
                (double) nanos / operations,
                (double) cpu / operations,
                (double) bytes / operations);
    }

    private static String error(String message) {
        return "{\"error\":" + quoted(message) + "}";
    }

    private static String quoted(String text) {
        String escaped = text.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\p{Cntrl}", " ");
        return '"' + escaped + '"';
    }
}
