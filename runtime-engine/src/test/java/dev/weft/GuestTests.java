/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.weft.channel.Oneshot;
import dev.weft.metrics.TaskInfo;
import dev.weft.task.JoinHandle;
import dev.weft.task.TaskCancelledException;
import dev.weft.time.Time;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Threads that tasks start by themselves, and libraries that do. */
@Timeout(60)
class GuestTests {

    @RegisterExtension
    final Runtimes runtimes = new Runtimes();

    final WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(2));

    @Test
    void aThreadThatATaskStartsRunsAndIsCountedInDedicatedMode() throws Exception {
        Oneshot<String> said = Oneshot.create();
        weft.spawn(() -> Thread.ofVirtual().start(() -> said.sender().send(Thread.currentThread().getName())))
                .join();
        assertThat(said.receiver().receive()).isEmpty();
        assertThat(weft.metrics().guests() > 0).isEqualTo(Runtimes.dedicated());
    }

    @Test
    @Tag("dedicated-only")
    void whatIsCountedAreSlicesOfGuests() throws Exception {
        int suspensions = 10;
        weft.spawn(() -> Thread.ofVirtual().start(() -> {
            for (int i = 0; i < suspensions; i++) {
                LockSupport.parkNanos(100_000);
            }
        }).join()).join();
        assertThat(weft.metrics().guests()).isGreaterThan(suspensions);
    }

    @Test
    @Tag("dedicated-only")
    void aGuestIsInTheRuntimeWithoutBeingATask() throws Exception {
        Oneshot<String> said = Oneshot.create();
        weft.spawn(() -> Thread.ofVirtual().start(() -> {
            try {
                assertThat(Task.current()).isEmpty();
                Time.sleep(Duration.ofMillis(1));
                said.sender().send(Task.spawn(() -> "spawned by a guest").join());
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }))
                .join();
        assertThat(said.receiver().receive()).isEqualTo("spawned by a guest");
    }

    @Test
    @Tag("shared-only")
    void aThreadThatATaskStartsIsInNoRuntimeInSharedMode() throws Exception {
        Oneshot<Boolean> checked = Oneshot.create();
        weft.spawn(() -> Thread.ofVirtual().start(() -> {
            assertThatIllegalStateException().isThrownBy(() -> Task.spawn(() -> 1));
            checked.sender().send(true);
        }))
                .join();
        assertThat(checked.receiver().receive()).isTrue();
    }

    @Test
    void anExecutorOfVirtualThreadsWorksInsideATask() throws Exception {
        int sum = weft.blockOn(() -> {
            int total = 0;
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<Integer>> all = new ArrayList<>();
                for (int i = 0; i < 200; i++) {
                    int n = i;
                    all.add(threads.submit(() -> {
                        Thread.sleep(1);
                        Thread.yield();
                        return n;
                    }));
                }
                for (Future<Integer> one : all) {
                    total += one.get();
                }
            }
            return total;
        });
        assertThat(sum).isEqualTo(199 * 200 / 2);
    }

    @Test
    void tasksGuestsAndPlatformThreadsShareALock() throws Exception {
        var lock = new ReentrantLock();
        var counter = new int[1];
        int rounds = 200;
        Runnable body = () -> {
            for (int i = 0; i < rounds; i++) {
                lock.lock();
                try {
                    counter[0]++;
                    if (i % 20 == 0) {
                        Thread.yield();
                    }
                } finally {
                    lock.unlock();
                }
            }
        };
        Thread platform = Thread.ofPlatform().start(body);
        List<JoinHandle<Thread>> tasks = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            tasks.add(weft.spawn(() -> {
                Thread guest = Thread.ofVirtual().start(body);
                body.run();
                return guest;
            }));
        }
        for (JoinHandle<Thread> task : tasks) {
            task.join().join();
        }
        platform.join();
        assertThat(counter[0]).isEqualTo(21 * rounds);
    }

    @Test
    void aGuestThatCopiedATasksHandlerIsNotTakenForTheTask() throws Exception {
        Thread guest = weft.spawn(() -> {
            Thread.UncaughtExceptionHandler mine = Thread.currentThread().getUncaughtExceptionHandler();
            Thread copy = Thread.ofVirtual().uncaughtExceptionHandler(mine).start(() -> {
                for (int i = 0; i < 50; i++) {
                    Thread.yield();
                    assertThat(Task.current()).isEmpty();
                }
            });
            for (int i = 0; i < 50; i++) {
                Thread.yield();
                assertThat(Task.current()).isPresent();
            }
            return copy;
        })
                .join();
        guest.join();
    }

    @Test
    void enteringAnotherRuntimeRedirectsTheSpawnsOfATaskAndOfAGuest() throws Exception {
        WeftRuntime other = runtimes.start(builder -> builder.name("other"));
        weft.blockOn(() -> {
            try (var entered = other.enter()) {
                assertThat(entered).isNotNull();
                Task.spawn(() -> 1).join();
            }
            Task.spawn(() -> 1).join();
        });
        assertThat(other.metrics().spawned()).isEqualTo(1);
        Oneshot<Void> done = Oneshot.signal();
        weft.spawn(() -> Thread.ofVirtual().start(() -> {
            try (var entered = other.enter()) {
                assertThat(entered).isNotNull();
                Task.spawn(() -> 1);
            }
            done.sender().signal();
        }))
                .join();
        done.receiver().await();
        assertThat(other.metrics().spawned()).isEqualTo(2);
    }

    // ---- sockets -----------------------------------------------------------------------------------------------------

    /** Answers each int with its successor until the peer hangs up. */
    private static void serve(Socket socket) throws Exception {
        try (socket;
                var in = new DataInputStream(socket.getInputStream());
                var out = new DataOutputStream(socket.getOutputStream())) {
            for (int n; (n = in.readInt()) >= 0;) {
                out.writeInt(n + 1);
                out.flush();
            }
        }
    }

    @Test
    void serverAndClientSocketsWorkWithinTasks() throws Exception {
        int clients = 8;
        int rounds = 20;
        var answered = new AtomicInteger();
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            JoinHandle<?> acceptor = weft.spawn(() -> {
                for (int i = 0; i < clients; i++) {
                    Socket socket = server.accept();
                    Task.spawn(() -> serve(socket));
                }
            });
            List<JoinHandle<?>> all = new ArrayList<>();
            for (int c = 0; c < clients; c++) {
                all.add(weft.spawn(() -> {
                    try (Socket socket = new Socket(server.getInetAddress(), server.getLocalPort());
                            var in = new DataInputStream(socket.getInputStream());
                            var out = new DataOutputStream(socket.getOutputStream())) {
                        for (int n = 0; n < rounds; n++) {
                            out.writeInt(n);
                            out.flush();
                            assertThat(in.readInt()).isEqualTo(n + 1);
                            answered.incrementAndGet();
                        }
                        out.writeInt(-1);
                    }
                }));
            }
            for (JoinHandle<?> client : all) {
                client.join();
            }
            acceptor.join();
            assertThat(weft.awaitQuiet(Duration.ofSeconds(50))).isTrue();
        }
        assertThat(answered).hasValue(clients * rounds);
    }

    @Test
    void anAbortOfATaskThatReadsFromASocketIsACancellation() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket socket = server.accept()) {
            JoinHandle<?> reader = weft.spawn(() -> socket.getInputStream().read());
            awaitSuspended(reader);
            reader.abort("hang up");
            assertThatThrownBy(reader::join)
                    .isInstanceOf(TaskCancelledException.class)
                    .hasMessageContaining("hang up");
            assertThat(client.getInputStream().read()).isEqualTo(-1); // as on any thread: an interrupt closes it
        }
    }

    private void awaitSuspended(JoinHandle<?> task) {
        await().until(() -> weft.task(task.id())
                .map(info -> info.state() == TaskInfo.State.SUSPENDED)
                .orElse(false));
    }

    @Test
    void anAbortEndsATaskThatWaitsForAConnection() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            JoinHandle<?> acceptor = weft.spawn(() -> server.accept());
            awaitSuspended(acceptor);
            acceptor.abort("no more connections");
            assertThatThrownBy(acceptor::join)
                    .isInstanceOf(TaskCancelledException.class)
                    .hasMessageContaining("no more connections");
        }
    }

    @Test
    void anHttpClientMadeInATaskWorksThereAndAfterwards() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write("ok".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            exchange.close();
        });
        ExecutorService handlers = Executors.newVirtualThreadPerTaskExecutor();
        server.setExecutor(handlers);
        server.start();
        URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
        HttpRequest request = HttpRequest.newBuilder(uri).build();
        try {
            HttpClient client = weft.blockOn(() -> {
                HttpClient made = HttpClient.newHttpClient();
                assertThat(made.send(request, BodyHandlers.ofString()).body()).isEqualTo("ok");
                assertThat(made.sendAsync(request, BodyHandlers.ofString()).get().statusCode())
                        .isEqualTo(200);
                return made;
            });
            weft.close();
            assertThat(client.send(request, BodyHandlers.ofString()).body()).isEqualTo("ok");
            Thread.startVirtualThread(() -> assertThat(client.sendAsync(request, BodyHandlers.ofString())
                    .join()
                    .body()).isEqualTo("ok"))
                    .join();
            client.shutdownNow();
        } finally {
            server.stop(0);
            handlers.shutdownNow();
        }
    }

    @Test
    @Tag("dedicated-only")
    void theJdksSocketPollersAreStartedOnTheJdksScheduler() {
        assertThat(weft.socketPollers()).isEqualTo("jdk");
    }
}
