/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.packaged;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One HTTP request on a connection of its own, and all that came back.
 *
 * <p>Written on a plain socket, because what matters here is what HTTP clients hide: whether a first byte came, whether
 * the answer was whole, and that nothing is ever sent twice.
 *
 * @param id what the request is called in the demo's ledger
 * @param report whether it ordered a report
 * @param end how it ended
 * @param status of the answer, 0 without one
 * @param body of the answer
 * @param endedAt {@link System#nanoTime()}
 * @param trouble what went wrong, empty when nothing did
 */
record Exchange(String id, boolean report, End end, int status, String body, long endedAt, String trouble) {

    private static final int PATIENCE_MILLIS = 60_000;

    enum End {
        /** A whole answer came. */
        ANSWERED,
        /** There was no connection, or it closed before the first byte of an answer. */
        REFUSED,
        /** An answer began and did not end, or nothing happened for a minute. */
        BROKEN
    }

    static Exchange price(int port, String id, String item) {
        return run(port, id, false, "GET /sources/near/" + item + " HTTP/1.1\r\n", "");
    }

    static Exchange quote(int port, String id, String item) {
        return run(port, id, false, "GET /quotes/" + item + " HTTP/1.1\r\n", "");
    }

    static Exchange report(int port, String id, String item) {
        return run(port, id, true, "POST /reports HTTP/1.1\r\n", "{\"item\":\"" + item + "\"}");
    }

    private static Exchange run(int port, String id, boolean report, String start, String body) {
        StringBuilder received = new StringBuilder();
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
            socket.getOutputStream().write(bytes(start, id, body));
            byte[] buffer = new byte[16 * 1024];
            for (int count; (count = socket.getInputStream().read(buffer)) >= 0;) {
                received.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
            }
            return of(id, report, received.toString(), "the connection was closed");
        } catch (IOException trouble) {
            return of(id, report, received.toString(), trouble.toString());
        }
    }

    private static byte[] bytes(String start, String id, String body) {
        String head = start + "Host: localhost\r\nConnection: close\r\nX-Request-Id: " + id + "\r\n";
        String entity = body.isEmpty()
                ? "\r\n"
                : "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        return (head + entity).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static Exchange of(String id, boolean report, String received, String trouble) {
        long now = System.nanoTime();
        if (received.isEmpty()) {
            boolean silent = trouble.contains("Read timed out");
            return new Exchange(id, report, silent ? End.BROKEN : End.REFUSED, 0, "", now, trouble);
        }
        int head = received.indexOf("\r\n\r\n");
        if (head < 0) {
            return new Exchange(id, report, End.BROKEN, 0, received, now, trouble);
        }
        int status = Integer.parseInt(received.substring(9, 12));
        String headers = received.substring(0, head).toLowerCase(Locale.ROOT) + "\r\n";
        String body = received.substring(head + 4);
        return isWhole(headers, body)
                ? new Exchange(id, report, End.ANSWERED, status, body, now, "")
                : new Exchange(id, report, End.BROKEN, status, body, now, trouble);
    }

    private static boolean isWhole(String headers, String body) {
        if (headers.contains("\r\ntransfer-encoding: chunked\r\n")) {
            return body.endsWith("\r\n0\r\n\r\n") || body.equals("0\r\n\r\n");
        }
        int length = headers.indexOf("\r\ncontent-length: ");
        if (length < 0) {
            return false;
        }
        int from = length + "\r\ncontent-length: ".length();
        return body.length() == Integer.parseInt(headers.substring(from, headers.indexOf("\r\n", from)));
    }
}
