/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.jdk;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Decides who owns the JDK's socket pollers: whoever does the first blocking socket operation on a virtual thread.
 *
 * <p>Started by a thread of ours they would make our sockets fast, everybody else's slow, and keep the class loader of
 * the first runtime for ever. So they are started from a virtual thread of the JDK's scheduler, unless asked otherwise.
 */
public final class PollerPlacement {

    private static final AtomicReference<String> PLACED = new AtomicReference<>("undecided");

    /**
     * What came of it. The starter runs outside of this class: it would wait for the end of this very initialiser.
     */
    private static final class ByJdk {
        static final String OUTCOME = start();
    }

    private PollerPlacement() {}

    /** Starts the pollers on the JDK's scheduler, once in a JVM, and waits until they are. */
    public static void startOnJdk() {
        PLACED.compareAndSet("undecided", ByJdk.OUTCOME);
    }

    private static String start() {
        String[] outcome = {"jdk"};
        Thread starter = VirtualThreads.newBuilder(VirtualThreads.defaultScheduler())
                .name("weft-pollers")
                .unstarted(() -> outcome[0] = acceptOnce());
        starter.start();
        try {
            if (!starter.join(Duration.ofSeconds(2))) {
                return "undecided: the pollers did not start within 2 s";
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "undecided: interrupted";
        }
        return outcome[0];
    }

    private static String acceptOnce() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            socket.setSoTimeout(1);
            socket.accept().close();
            return "jdk";
        } catch (SocketTimeoutException expected) {
            return "jdk";
        } catch (IOException e) {
            return "undecided: " + e.getMessage();
        }
    }

    /** Notes that the first socket operation of a task shall decide. */
    public static void leaveToTasks() {
        PLACED.compareAndSet("undecided", "weft");
    }

    /** Returns {@code jdk}, {@code weft}, or that nothing was decided, and why. */
    public static String placed() {
        return PLACED.get();
    }
}
