/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.rescue;

import dev.weft.benchmarks.engine.peer.PeerServer;
import java.io.IOException;
import java.time.Duration;

/** Virtual threads on the JDK's own scheduler. */
final class VirtualThreadPeer implements RescuePeer {

    public static void main(String[] args) throws IOException {
        try (VirtualThreadPeer peer = new VirtualThreadPeer()) {
            PeerServer.serve("jdk", Runtime.version().toString(), RescueShapes.of(peer));
        }
    }

    @Override
    public void spawn(Body body) {
        Thread.startVirtualThread(() -> {
            try {
                body.run();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Override
    public void sleep(Duration time) throws InterruptedException {
        Thread.sleep(time);
    }

    @Override
    public void close() {}
}
