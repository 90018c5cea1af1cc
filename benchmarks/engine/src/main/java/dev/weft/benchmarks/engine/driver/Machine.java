/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.driver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What the results were measured on; nothing that names one particular machine. */
public record Machine(int cores, String cpu, long memoryGib, String kernel, String jdk) {

    static Machine current() {
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                value(Path.of("/proc/cpuinfo"), "model name"),
                gib(value(Path.of("/proc/meminfo"), "MemTotal")),
                System.getProperty("os.name") + " " + kernelVersion(),
                System.getProperty("java.vendor.version", "") + " " + Runtime.version());
    }

    /** Major and minor: what follows is the builder's own numbering. */
    private static String kernelVersion() {
        String[] parts = System.getProperty("os.version").split("[.-]");
        return parts.length < 2 ? parts[0] : parts[0] + "." + parts[1];
    }

    private static long gib(String kibibytes) {
        String digits = kibibytes.replaceAll("\\D", "");
        return digits.isEmpty() ? 0 : Math.round(Long.parseLong(digits) / (1024.0 * 1024.0));
    }

    private static String value(Path file, String key) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(key))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }
}
