/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.rescue;

import dev.weft.Mode;
import dev.weft.WeftRuntime;
import dev.weft.benchmarks.engine.peer.PeerServer;
import dev.weft.time.Time;
import java.io.IOException;
import java.time.Duration;

/** Weft in one of its modes, with the default stall threshold. */
final class WeftPeer implements RescuePeer {

    private final WeftRuntime runtime;

    private WeftPeer(Mode mode) {
        runtime = WeftRuntime.builder()
                .name("benchmark")
                .workerThreads(WORKERS)
                .mode(mode)
                .build();
    }

    /** Takes the peer's name, which is {@code weft} or {@code weft-shared}. */
    public static void main(String[] args) throws IOException {
        String name = args[0];
        try (WeftPeer peer = new WeftPeer(name.equals("weft-shared") ? Mode.SHARED : Mode.DEDICATED)) {
            PeerServer.serve(name, "0.1.0 " + peer.runtime.mode(), RescueShapes.of(peer));
        }
    }

    @Override
    public void spawn(Body body) {
        runtime.spawn(body::run);
    }

    @Override
    public void sleep(Duration time) throws InterruptedException {
        Time.sleep(time);
    }

    @Override
    public void close() {
        runtime.close();
    }
}
