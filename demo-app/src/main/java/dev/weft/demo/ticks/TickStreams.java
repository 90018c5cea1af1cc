/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.ticks;

import dev.weft.demo.web.RequestLedger;
import dev.weft.spring.TaskSpawner;
import dev.weft.task.JoinHandle;
import dev.weft.time.Interval;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** The open streams. Thread-safe. */
@Component
class TickStreams implements SmartLifecycle {

    /*
     * A stream that never ends would hold the web server's graceful shutdown until it times out. This bean stands in
     * the default phase, which stops before the web server begins to wait: every stream's task is aborted, leaves
     * tick(), and completes its emitter. open() looks at the flag again once its task is in the set, and stop() sets
     * the flag before it reads the set, so a stream that opens meanwhile is seen by one of the two.
     */

    private static final Duration FOR_EVER = Duration.ZERO;

    private final TaskSpawner spawner;
    private final RequestLedger ledger;
    private final Set<JoinHandle<?>> open = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;

    TickStreams(TaskSpawner spawner, RequestLedger ledger) {
        this.spawner = spawner;
        this.ledger = ledger;
    }

    SseEmitter open(Duration every) {
        SseEmitter emitter = new SseEmitter(FOR_EVER.toMillis());
        JoinHandle<?> stream = spawner.named("ticks").spawn(() -> stream(emitter, every));
        open.add(stream);
        stream.toCompletableFuture().whenComplete((ended, failure) -> {
            open.remove(stream);
            emitter.complete();
        });
        emitter.onError(gone -> stream.abort("the client is gone"));
        if (stopped) {
            stream.abort("the application stops");
        }
        return emitter;
    }

    int openStreams() {
        return open.size();
    }

    @Override
    public void start() {
        stopped = false;
    }

    @Override
    public void stop() {
        stopped = true;
        open.forEach(stream -> stream.abort("the application stops"));
    }

    @Override
    public boolean isRunning() {
        return !stopped;
    }

    private void stream(SseEmitter emitter, Duration every) throws InterruptedException {
        long start = System.nanoTime();
        Interval interval = Interval.every(every);
        try {
            for (;;) {
                long number = interval.tick();
                long late = System.nanoTime() - start - number * every.toNanos();
                emitter.send(event(number + 1, TimeUnit.NANOSECONDS.toMicros(late)));
            }
        } catch (IOException gone) {
            // The reader has left. That is how a stream of events ends.
        }
    }

    private SseEmitter.SseEventBuilder event(long number, long lateMicros) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        return SseEmitter.event()
                .id(Long.toString(number))
                .name("tick")
                .data(new Tick(number, now, lateMicros, ledger.accepted(), ledger.answered()));
    }
}
