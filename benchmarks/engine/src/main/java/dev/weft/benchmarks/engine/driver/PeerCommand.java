/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.driver;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How to start a peer.
 *
 * @param counting the command of a twin that counts allocations, and whose times mean nothing; empty if the peer itself
 *     counts
 * @param warmUpShare how much of the warm-up the peer needs: native code has nothing to compile
 */
record PeerCommand(String name, List<String> command, List<String> counting, double warmUpShare) {

    private static final double NATIVE_WARM_UP = 0.1;

    /** The same heap for everybody, two workers for everybody; what else a JVM chooses by itself stays as it is. */
    private static final List<String> JVM_FLAGS = List.of(
            "-Xms1g",
            "-Xmx1g",
            "--enable-native-access=ALL-UNNAMED",
            "-Djdk.virtualThreadScheduler.parallelism=2",
            "-Dkotlinx.coroutines.scheduler.core.pool.size=2");

    static PeerCommand onJvm(String name, String mainClass) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_FLAGS);
        if (name.equals("weft")) {
            command.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass, name));
        return new PeerCommand(name, List.copyOf(command), List.of(), 1.0);
    }

    /** A peer that was built by cargo: the two programs of the Tokio project, in one directory. */
    static PeerCommand onTokio(String name, Path programs) {
        return new PeerCommand(
                name,
                List.of(programs.resolve("peer").toString()),
                List.of(programs.resolve("peer_allocations").toString()),
                NATIVE_WARM_UP);
    }
}
