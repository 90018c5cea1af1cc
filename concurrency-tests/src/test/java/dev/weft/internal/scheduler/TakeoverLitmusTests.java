/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A monitor takes a core from its owner over and over, by the protocol in {@link Worker}. The owner goes in and out of
 * the scheduler without a fence, and never works on a core that was taken.
 *
 * <p>A litmus test with real threads: no tool can model the thread handshake on which the protocol rests.
 */
@Timeout(120)
class TakeoverLitmusTests {

    @Test
    void formerOwnerNeverWorksOnATakenCore() throws Exception {
        Race race = new Race(true);

        race.run(Duration.ofSeconds(8), false);

        assertThat(race.takeovers).as("takeovers").isGreaterThan(100);
        assertThat(race.violations).as("violations in %d takeovers", race.takeovers).isZero();
    }

    @Test
    void brokenTwinTakesTheCoreWithoutTheHandshake() throws Exception {
        assumeThat(Runtime.getRuntime().availableProcessors()).isGreaterThan(1);
        Race race = new Race(false);

        race.run(Duration.ofSeconds(60), true);

        assertThat(race.violations).as("violations in %d takeovers", race.takeovers).isPositive();
    }

    private static final class Race {

        private static final VarHandle OWNER_AT_WORK = field("ownerAtWork");
        private static final VarHandle MONITOR_AT_WORK = field("monitorAtWork");

        private final boolean handshake;
        private final Core core = new LoneHost(1, () -> false).cores()[0];

        /** Never started: the protocol is in its fields, and another thread plays its part. */
        @SuppressWarnings("NullAway") // what is used here asks for no scheduler
        private final Worker worker = new Worker(null, "owner", core);

        private final Thread owner = Thread.ofPlatform().daemon().unstarted(this::goInAndOut);
        private volatile boolean over;

        @SuppressWarnings("unused") // accessed through OWNER_AT_WORK
        private int ownerAtWork;

        @SuppressWarnings("unused") // accessed through MONITOR_AT_WORK
        private int monitorAtWork;

        private int random = 1;
        private long violationsOfOwner;
        private long takeovers;
        private long violations;

        Race(boolean handshake) {
            this.handshake = handshake;
        }

        void run(Duration limit, boolean untilFound) throws InterruptedException {
            long start = System.nanoTime();
            owner.start();
            while (System.nanoTime() - start < limit.toNanos() && (!untilFound || violations == 0)) {
                tryTake();
            }
            over = true;
            owner.join();
            violations += violationsOfOwner;
        }

        /** The owner's part. Between the opaque stores there is no fence, so the processor shows what the protocol lacks. */
        private void goInAndOut() {
            worker.leave(0); // a worker begins inside the scheduler
            while (!over) {
                int before = worker.enter();
                if (worker.core() != null) {
                    OWNER_AT_WORK.setOpaque(this, 1);
                    violationsOfOwner += (int) MONITOR_AT_WORK.getOpaque(this);
                    OWNER_AT_WORK.setOpaque(this, 0);
                }
                worker.leave(before);
                runTask();
            }
        }

        /** Mostly short, so that the owner is often on its way in; sometimes long enough for a handshake to meet it. */
        private void runTask() {
            random ^= random << 13;
            random ^= random >>> 17;
            random ^= random << 5;
            int steps = (random & 63) == 0 ? 100_000 : random & 15;
            for (int i = 0; i < steps; i++) {
                Thread.onSpinWait();
            }
        }

        /** The monitor's part, as in {@link StallWatch}; then it gives the core back. */
        private void tryTake() {
            if (worker.isInScheduler()) {
                return;
            }
            worker.revoke();
            if (handshake) {
                owner.getStackTrace();
            }
            if (worker.isInScheduler() || worker.peekCore() != core) {
                worker.unrevoke();
                return;
            }
            worker.detach();
            takeovers++;
            MONITOR_AT_WORK.setVolatile(this, 1);
            for (int i = 0; i < 50; i++) {
                violations += (int) OWNER_AT_WORK.getOpaque(this);
            }
            MONITOR_AT_WORK.setVolatile(this, 0);
            worker.attach(core);
        }

        private static VarHandle field(String name) {
            try {
                return MethodHandles.lookup().findVarHandle(Race.class, name, int.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }
    }
}
