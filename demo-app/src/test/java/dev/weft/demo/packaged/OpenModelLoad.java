/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.packaged;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Requests that arrive at a constant rate, whether or not earlier ones have been answered, as those of many independent
 * people do. One that is behind its time goes out at once; none is left out.
 *
 * <p>Of 80 requests, one orders a report and ten compare; both ask three sources, so the demo serves itself another 33.
 * The rest ask for a single price.
 */
final class OpenModelLoad {

    private final int port;
    private final int perSecond;
    private final Queue<Exchange> ended = new ConcurrentLinkedQueue<>();

    OpenModelLoad(int port, int perSecond) {
        this.port = port;
        this.perSecond = perSecond;
    }

    /** Sends them all, calls back between two of them when so many have gone out, and returns when all have ended. */
    List<Exchange> send(int total, int callAfter, Runnable call) throws InterruptedException {
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            long start = System.nanoTime();
            for (int n = 0; n < total; n++) {
                awaitTime(start + TimeUnit.SECONDS.toNanos(n) / perSecond);
                if (n == callAfter) {
                    call.run();
                }
                int number = n;
                clients.execute(() -> ended.add(exchange(number)));
            }
        }
        return List.copyOf(ended);
    }

    private Exchange exchange(int number) {
        String item = "item-" + number % 97;
        if (number % 80 == 79) {
            return Exchange.report(port, "report-" + number, item);
        }
        return number % 8 == 0
                ? Exchange.quote(port, "quote-" + number, item)
                : Exchange.price(port, "price-" + number, item);
    }

    private static void awaitTime(long time) {
        for (long left; (left = time - System.nanoTime()) > 0;) {
            LockSupport.parkNanos(left);
        }
    }
}
