/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.quotes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.weft.WeftRuntime;
import dev.weft.task.JoinHandle;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

/** Against servers that are not the demo. */
@Timeout(30)
class QuoteSourceTests {

    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        client.shutdownNow();
    }

    @Test
    void readsAForeignAnswer() throws Exception {
        try (Foreign foreign = Foreign.answering(200, "{\"price\": 12.50, \"currency\": \"CHF\", \"stock\": 3}")) {
            Quote quote = source(foreign.address()).quote("tea pot/x");

            assertThat(quote.source()).isEqualTo("shop");
            assertThat(quote.price()).isEqualByComparingTo("12.5");
            assertThat(quote.currency()).isEqualTo("CHF");
            assertThat(foreign.path()).isEqualTo("/prices/tea%20pot%2Fx");
        }
    }

    @Test
    void saysWhatIsWrongWithAnAnswer() throws Exception {
        failsWith(500, "{}", "answered with status 500");
        failsWith(200, "{\"currency\": \"EUR\"}", "answered without a price");
        failsWith(200, "<html>", "answered with something that is not a quote");
        failsWith(200, "{\"price\": \"cheap\"}", "answered with something that is not a quote");
    }

    /** What makes a deadline worth having: the other side sees the connection go. */
    @Test
    void abortEndsTheExchange() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                WeftRuntime weft = WeftRuntime.create()) {
            CompletableFuture<Socket> connected = new CompletableFuture<>();
            CompletableFuture<Boolean> closed = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> watch(listener, connected, closed));
            QuoteSource source = source("http://127.0.0.1:" + listener.getLocalPort() + "/{item}");

            JoinHandle<Quote> asked = weft.spawn(() -> source.quote("tea"));
            connected.get(10, TimeUnit.SECONDS);
            asked.abort("late");

            assertThat(closed.get(5, TimeUnit.SECONDS)).isTrue();
        }
    }

    private void failsWith(int status, String body, String message) throws Exception {
        try (Foreign foreign = Foreign.answering(status, body)) {
            assertThatThrownBy(() -> source(foreign.address()).quote("tea"))
                    .isInstanceOf(IOException.class)
                    .hasMessage(message);
        }
    }

    private QuoteSource source(String address) {
        return new QuoteSource("shop", () -> address, client, new JsonMapper());
    }

    private static void watch(
            ServerSocket listener, CompletableFuture<Socket> connected, CompletableFuture<Boolean> closed) {
        try (Socket socket = listener.accept()) {
            InputStream in = socket.getInputStream();
            in.read();
            connected.complete(socket);
            while (in.read() >= 0) {
                // the rest of the question; then nothing comes until the other side gives up
            }
            closed.complete(true);
        } catch (IOException reset) {
            closed.complete(connected.isDone());
        }
    }

    private record Foreign(HttpServer server, CompletableFuture<String> asked) implements AutoCloseable {

        static Foreign answering(int status, String body) throws IOException {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            CompletableFuture<String> asked = new CompletableFuture<>();
            server.createContext("/", exchange -> {
                asked.complete(exchange.getRequestURI().getRawPath());
                byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(status, bytes.length);
                exchange.getResponseBody().write(bytes);
                exchange.close();
            });
            server.start();
            return new Foreign(server, asked);
        }

        String address() {
            return "http://127.0.0.1:" + server.getAddress().getPort() + "/prices/{item}";
        }

        String path() throws Exception {
            return asked.get(5, TimeUnit.SECONDS);
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
