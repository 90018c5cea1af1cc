/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.timer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Long random walks, compared step by step with a priority queue that knows when each entry must fire. */
@Timeout(120)
class TimerDriverModelTests {

    private static final long MICRO = 1_000;
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000 * MILLI;
    private static final long DAY = 86_400 * SECOND;
    private static final long YEAR = 365 * DAY;

    private static final int OPERATIONS = 250_000;

    @ParameterizedTest
    @CsvSource({
        "1, 0", "2, 1234567", "3, -1", "4, 9223372036854775807", "5, 9223372036854700000", "6, -9223372036854775808"
    })
    void agreesWithAPriorityQueue(long seed, long origin) {
        var walk = new Walk(seed, origin);
        for (int i = 0; i < OPERATIONS; i++) {
            walk.step();
        }
        walk.finish();
    }

    /** What the oracle knows of an entry. Times are relative to the origin, so that they can be compared. */
    private final class Model extends TimerEntry {

        private final Walk walk;
        private long due;
        private boolean inWheel;
        private long sequence;
        private boolean live;
        private boolean inMail;
        private int index = -1;

        Model(Walk walk, long deadlineNanos) {
            super(deadlineNanos);
            this.walk = walk;
        }

        @Override
        protected void fire() {
            walk.fired(this);
        }

        /** Mirrors the filing: near deadlines are exact, the others rounded up to the next tick. */
        void filed() {
            long left = deadlineNanos() - walk.clock.nanoTime();
            long exact = walk.elapsed() + left;
            if (exact < walk.elapsed() && left > 0) {
                exact = Long.MAX_VALUE - MILLI; // beyond what the model counts; the walk never gets there
            }
            inWheel = left >= 4 * MILLI;
            due = inWheel ? Math.ceilDiv(exact, MILLI) * MILLI : exact;
            sequence = walk.nextSequence++;
            inMail = false;
            walk.oracle.add(this);
        }

        void rearmAndRegister(long deadlineNanos) {
            assertThat(rearm(deadlineNanos)).isTrue();
            walk.register(this);
        }
    }

    private final class Walk {

        private final Random random;
        private final long origin;
        private final ManualTimeSource clock;
        private final SwitchedGuard guard = new SwitchedGuard();
        private final TimerDriver driver;

        private final PriorityQueue<Model> oracle = new PriorityQueue<>(Comparator.comparingLong(model -> model.due));
        private final List<Model> mail = new ArrayList<>();
        private final List<Model> live = new ArrayList<>();
        private long nextSequence;

        private long firings;
        private long cancels;
        private long accepted;
        private long previousDue;
        private long previousSequence;

        Walk(long seed, long origin) {
            this.random = new Random(seed);
            this.origin = origin;
            this.clock = new ManualTimeSource(origin);
            this.driver = new TimerDriver(clock, guard);
        }

        long elapsed() {
            return clock.nanoTime() - origin;
        }

        void step() {
            guard.owned = random.nextInt(3) > 0;
            int choice = random.nextInt(100);
            if (choice < 45) {
                register(new Model(this, clock.nanoTime() + randomDelay()));
            } else if (choice < 65) {
                cancelAny();
            } else {
                guard.owned = true;
                moveClock();
                advance(random.nextInt(4) == 0 ? random.nextInt(5) : Integer.MAX_VALUE);
            }
        }

        void register(Model model) {
            model.live = true;
            model.index = live.size();
            live.add(model);
            driver.register(model);
            if (guard.owned) {
                accepted++;
                model.filed();
            } else {
                model.inMail = true;
                mail.add(model);
            }
        }

        void fired(Model model) {
            assertThat(model.live).isTrue();
            assertThat(clock.nanoTime() - model.deadlineNanos()).isNotNegative();
            assertThat(model.due).isLessThanOrEqualTo(elapsed());
            assertThat(oracle).isNotEmpty();
            assertThat(nextLive().due).isEqualTo(model.due);
            if (model.inWheel && model.due == previousDue) {
                assertThat(model.sequence).isGreaterThan(previousSequence);
            }
            if (model.inWheel) {
                previousDue = model.due;
                previousSequence = model.sequence;
            }
            forget(model);
            oracle.remove(model);
            firings++;
            reenter(model);
        }

        /** What an action may do with the driver that has just called it. */
        private void reenter(Model model) {
            guard.owned = random.nextInt(4) > 0;
            int choice = random.nextInt(10);
            if (choice == 0) {
                model.rearmAndRegister(clock.nanoTime() + 1 + Math.abs(randomDelay()));
            } else if (choice == 1) {
                cancelAny();
            }
            guard.owned = true;
        }

        private void cancelAny() {
            if (live.isEmpty()) {
                return;
            }
            var victim = live.get(random.nextInt(live.size()));
            assertThat(victim.cancel(false)).isTrue();
            assertThat(victim.cancel(false)).isFalse();
            forget(victim);
            cancels++;
        }

        private void forget(Model model) {
            model.live = false;
            var last = live.removeLast();
            if (last != model) {
                live.set(model.index, last);
                last.index = model.index;
            }
        }

        private void advance(int max) {
            for (var model : mail) {
                accepted++;
                if (model.live) {
                    model.filed();
                }
            }
            mail.clear();
            long before = firings;
            previousDue = Long.MIN_VALUE;
            int count = driver.advance(clock.nanoTime(), max);
            assertThat(firings - before).isEqualTo(count).isLessThanOrEqualTo(max);
            var next = nextLive();
            if (count < max && next != null) {
                assertThat(next.due).isGreaterThan(elapsed());
            }
            checkNextDeadline(next);
        }

        private void checkNextDeadline(Model next) {
            assertThat(driver.publishedDeadlineNanos()).isEqualTo(driver.nextDeadlineNanos());
            if (next == null) {
                return; // cancelled entries may still be in, until their mail is read
            }
            assertThat(driver.nextDeadlineNanos()).isNotEqualTo(Long.MAX_VALUE);
            assertThat(driver.nextDeadlineNanos() - origin).isLessThanOrEqualTo(next.due);
        }

        private Model nextLive() {
            while (!oracle.isEmpty() && !oracle.peek().live) {
                oracle.poll();
            }
            return oracle.peek();
        }

        private void moveClock() {
            switch (random.nextInt(12)) {
                case 0, 1 -> clock.advance(0);
                case 2, 3 -> clock.advance(random.nextLong(100 * MICRO));
                case 4, 5, 6 -> clock.advance(random.nextLong(3 * MILLI));
                case 7, 8 -> clock.advance(random.nextLong(100 * MILLI));
                case 9 -> clock.advance(random.nextLong(20 * SECOND));
                case 10 -> jumpTo(driver.nextDeadlineNanos());
                default -> {
                    if (random.nextInt(500) == 0 && elapsed() < 50 * YEAR) {
                        clock.advance(random.nextLong(2 * YEAR));
                    }
                }
            }
        }

        private void jumpTo(long next) {
            long distance = next - clock.nanoTime();
            if (next != Long.MAX_VALUE && distance > 0 && distance < DAY) {
                clock.set(next);
            }
        }

        private long randomDelay() {
            return switch (random.nextInt(16)) {
                case 0 -> -random.nextLong(SECOND);
                case 1, 2, 3 -> random.nextLong(4 * MILLI);
                case 4, 5, 6, 7 -> random.nextLong(70 * MILLI);
                case 8, 9 -> random.nextLong(5 * SECOND);
                case 10, 11 -> 30 * SECOND;
                case 12 -> random.nextLong(3_600 * SECOND);
                case 13 -> random.nextLong(20 * DAY);
                case 14 -> random.nextLong(12 * YEAR);
                default -> random.nextInt(10) == 0 ? Long.MAX_VALUE : random.nextLong(100) * MILLI;
            };
        }

        void finish() {
            guard.owned = true;
            advance(Integer.MAX_VALUE);
            assertThat(driver.size()).isEqualTo(live.size());
            var rest = new ArrayList<TimerEntry>();
            driver.drain(rest::add);
            assertThat(rest).containsExactlyInAnyOrderElementsOf(live);
            assertThat(driver.failed()).withFailMessage(() -> "" + driver.lastFailure()).isZero();
            assertThat(driver.size()).isZero();
            assertThat(driver.registered()).isEqualTo(accepted);
            assertThat(driver.fired()).isEqualTo(firings);
            assertThat(driver.cancelled()).isEqualTo(cancels);
            assertThat(driver.registered()).isEqualTo(driver.fired() + driver.cancelled() + driver.drained());
            assertThat(guard.isBalanced()).isTrue();
        }
    }
}
