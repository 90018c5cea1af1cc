/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.channel.Oneshot;
import dev.weft.internal.jdk.VirtualThreads;
import dev.weft.scope.JoinSet;
import dev.weft.task.AbortHandle;
import dev.weft.task.TaskCancelledException;
import dev.weft.time.Time;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Aborts that race with the end of the task they are for. Whoever uses the thread next must see nothing of them.
 *
 * <p>A victim announces itself when it runs and ends soon; a thread beside it aborts whoever has announced itself last,
 * at any point of its life or too late. Then a bystander runs, in dedicated mode on the victim's thread, and looks at
 * itself before the abort is over and, unless that takes long, after it.
 */
@Tag("stress")
@Timeout(120)
class AbortHandshakeStressTests {

    private static final long SEED = Long.getLong("weft.test.seed", System.nanoTime());

    /** A thread of its own costs each task more in shared mode, and there is less to find. */
    private static final int ABORTS = Runtimes.dedicated() ? 2_000_000 : 500_000;

    /** On a busy machine there are fewer: the two sides need a processor each. */
    private static final long LIMIT_NANOS = 12_000_000_000L;

    private static final int FEWEST = 500;

    @RegisterExtension
    final Runtimes runtimes = new Runtimes();

    final WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(1));

    private final Aborter aborter = new Aborter();

    @AfterEach
    void stopAborter() throws InterruptedException {
        aborter.stop();
    }

    /** Aborts the victim of the moment, each once. */
    private static final class Aborter implements Runnable {

        private final Thread thread = Thread.ofPlatform().daemon().name("aborter").unstarted(this);
        private volatile AbortHandle victim;
        private volatile long attempts; // written by this thread only
        private volatile boolean stopped;
        private long landed;

        // the victims' side
        private final long end = System.nanoTime() + LIMIT_NANOS;
        private long announced;

        void announce() {
            announced++;
            victim = Task.current().orElseThrow();
        }

        /** Waits a little for the next abort, which is that of the last victim or came too late for another. */
        void awaitAttempt() {
            long before = attempts;
            for (int i = 0; i < 64 && attempts == before; i++) {
                Thread.onSpinWait();
            }
        }

        boolean isOver(int aborts) {
            return attempts >= aborts || (announced % 64 == 0 && System.nanoTime() - end > 0);
        }

        void start() {
            thread.start();
        }

        void stop() throws InterruptedException {
            stopped = true;
            thread.join();
        }

        @Override
        public void run() {
            var random = new SplittableRandom(SEED);
            AbortHandle last = null;
            for (int i = 0; !stopped; i++) {
                AbortHandle next = victim;
                if (next == last) {
                    relax(i);
                    continue;
                }
                i = 0;
                spin(random.nextInt(64));
                last = next;
                if (next.abort("raced")) {
                    landed++;
                }
                attempts = attempts + 1;
            }
        }

        /** Victims announce themselves while they run, so an abort that was not too late has met a running task. */
        void assertRaced() {
            assertThat(attempts).as(this::toString).isGreaterThan(FEWEST);
            assertThat(landed).as(this::toString).isGreaterThan(attempts / 20);
            assertThat(attempts - landed).as(this::toString).isPositive();
        }

        @Override
        public String toString() {
            return "seed " + SEED + ": " + announced + " victims, " + attempts + " aborts, " + landed
                    + " of them of a running task";
        }
    }

    private static void relax(int turn) {
        if (turn < 1_000) {
            Thread.onSpinWait();
        } else {
            Thread.yield();
        }
    }

    private static void spin(int turns) {
        for (int i = 0; i < turns; i++) {
            Thread.onSpinWait();
        }
    }

    /** What a victim does after it has announced itself. */
    private static void liveShortly(SplittableRandom random) throws InterruptedException {
        switch (random.nextInt(64)) {
            case 0 -> LockSupport.parkNanos(random.nextInt(20_000));
            case 1 -> Time.sleep(Duration.ofNanos(random.nextInt(20_000)));
            case 2 -> Thread.yield();
            case 3 -> LockSupport.unpark(Thread.currentThread());
            case 4 -> {
                while (random.nextInt(100) != 0) {
                    Task.checkpoint();
                }
            }
            default -> spin(random.nextInt(256));
        }
    }

    /** Tasks one after the other: each spawns the next, so that one worker always has exactly one more to run. */
    private final class Chain {

        private final SplittableRandom random = new SplittableRandom(SEED);
        private final Oneshot<String> end = Oneshot.create();
        private Thread victimThread;
        private long onVictimThread;

        void victim() throws InterruptedException {
            victimThread = Thread.currentThread();
            aborter.announce();
            try {
                liveShortly(random);
            } finally {
                Task.spawn(this::bystander);
            }
        }

        void bystander() {
            Thread me = Thread.currentThread();
            if (me == victimThread) {
                onVictimThread++;
            }
            String hit = hit(me);
            aborter.awaitAttempt();
            if (hit == null) {
                hit = hit(me);
            }
            if (hit != null || aborter.isOver(ABORTS)) {
                end.sender().send(hit == null ? "nothing" : hit);
            } else {
                Task.spawn(this::victim);
            }
        }

        private static String hit(Thread me) {
            if (me.isInterrupted()) {
                return "an interrupt";
            }
            return Runtimes.dedicated() && VirtualThreads.hasParkPermit(me) ? "a park permit" : null;
        }
    }

    @Test
    void anAbortNeverReachesTheNextTaskOnTheThread() throws Exception {
        Chain chain = new Chain();
        aborter.start();
        weft.spawn(chain::victim);
        assertThat(chain.end.receiver().receive()).as("%s", aborter).isEqualTo("nothing");
        aborter.stop();
        aborter.assertRaced();
        if (Runtimes.dedicated()) {
            assertThat(chain.onVictimThread).isGreaterThan(aborter.announced / 2);
        }
    }

    @Test
    void anAbortOfAChildNeverReachesTheParentItRanOn() throws Exception {
        aborter.start();
        long inline = weft.blockOn(() -> {
            var random = new SplittableRandom(SEED);
            Thread me = Thread.currentThread();
            Thread[] childThread = new Thread[1];
            long onMine = 0;
            while (!aborter.isOver(ABORTS / 3)) {
                try (JoinSet<Void> set = JoinSet.open()) {
                    set.spawn(() -> {
                        childThread[0] = Thread.currentThread();
                        aborter.announce();
                        liveShortly(random);
                    });
                    set.joinAll();
                } catch (TaskCancelledException e) {
                    assertThat(e.reason()).isEqualTo("raced");
                }
                if (childThread[0] == me) {
                    onMine++;
                }
                boolean hit = me.isInterrupted();
                aborter.awaitAttempt();
                if (hit || me.isInterrupted()) {
                    throw new AssertionError("interrupted, " + aborter);
                }
            }
            return onMine;
        });
        aborter.stop();
        aborter.assertRaced();
        if (Runtimes.dedicated()) {
            assertThat(inline).isGreaterThan(aborter.announced / 2);
        }
    }

    @Test
    void anAbortOfABlockingJobNeverReachesTheNextJobOnTheThread() throws Exception {
        WeftRuntime single = runtimes.start(builder -> builder.workerThreads(1).blockingMaxThreads(1));
        var random = new SplittableRandom(SEED);
        Thread[] victimThread = new Thread[1];
        aborter.start();
        while (!aborter.isOver(ABORTS / 20)) {
            single.spawnBlocking(() -> {
                victimThread[0] = Thread.currentThread();
                aborter.announce();
                spin(random.nextInt(512));
            });
            String found = single.spawnBlocking(() -> {
                Thread me = Thread.currentThread();
                assertThat(me).isSameAs(victimThread[0]);
                boolean hit = me.isInterrupted();
                aborter.awaitAttempt();
                return hit || me.isInterrupted() ? "an interrupt" : "nothing";
            })
                    .join();
            assertThat(found).as("%s", aborter).isEqualTo("nothing");
        }
        aborter.stop();
        aborter.assertRaced();
    }
}
