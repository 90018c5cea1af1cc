/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.timer;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Foreign threads register and cancel while one owner advances, on the real driver.
 *
 * <p>Each firing takes effect for itself, an advance as a whole does not; so the race against it has one entry.
 */
@Timeout(300)
class TimerDriverLincheckTests {

    @Test
    void registerCancelAndFireAreLinearizable() {
        modelChecking().check(Due.class);
    }

    @Test
    void cancelledEntriesNeverStayInTheDriver() {
        modelChecking().check(Far.class);
    }

    @Test
    void brokenTwinCancelsWhatFires() {
        assertThatThrownBy(() -> modelChecking().check(BrokenDue.class))
                .isInstanceOf(LincheckAssertionError.class)
                .hasMessageContaining("Invalid execution results");
    }

    @Test
    void brokenTwinForgetsACancelledEntry() {
        assertThatThrownBy(() -> modelChecking().check(BrokenFar.class))
                .isInstanceOf(LincheckAssertionError.class)
                .hasMessageContaining("left behind");
    }

    /** An entry goes through its life once, so whatever comes before the race takes from it. */
    private static ModelCheckingOptions modelChecking() {
        return new ModelCheckingOptions()
                .actorsBefore(1)
                .actorsPerThread(3)
                .actorsAfter(0)
                .iterations(50)
                .invocationsPerIteration(500);
    }

    /** One entry that is due. */
    public static class Due {

        private final TimerDriver driver = new TimerDriver(() -> 0, new ForeignersOnly());
        private final CountingEntry entry = new CountingEntry(0);
        private final AtomicBoolean registered = new AtomicBoolean();

        @Operation(nonParallelGroup = "registrar")
        public void register() {
            if (registered.compareAndSet(false, true)) {
                driver.register(entry);
            }
        }

        @Operation
        public boolean cancel() {
            return entry.cancel(false);
        }

        @Operation(nonParallelGroup = "owner")
        public int advance() {
            return driver.advance(0, 10);
        }

        @Validate
        public void nothingIsLeftBehind() {
            driver.advance(0, 10);
            check(driver.size() == 0 && !driver.hasMail());
            check(entry.fired <= 1 && (!registered.get() || entry.isDone()));
        }
    }

    /** The same on a state that is read first and written afterwards. */
    public static class BrokenDue {

        private final AtomicInteger state = new AtomicInteger(TimerState.NEW);

        @Operation(nonParallelGroup = "registrar")
        public void register() {
            state.compareAndSet(TimerState.NEW, TimerState.ARMED);
        }

        @Operation
        public boolean cancel() {
            int seen = state.get();
            if (seen != TimerState.NEW && seen != TimerState.ARMED) {
                return false;
            }
            state.set(TimerState.CANCELLED); // the fault: not in one step with the look
            return true;
        }

        @Operation(nonParallelGroup = "owner")
        public int advance() {
            return state.compareAndSet(TimerState.ARMED, TimerState.FIRED) ? 1 : 0;
        }
    }

    /** Three entries that are not due. */
    @Param(name = "entry", gen = IntGen.class, conf = "0:2")
    public static class Far {

        private final TimerDriver driver = new TimerDriver(() -> 0, new ForeignersOnly());
        private final CountingEntry[] entries = new CountingEntry[3];
        private final AtomicIntegerArray registered = new AtomicIntegerArray(3);

        public Far() {
            for (int i = 0; i < entries.length; i++) {
                entries[i] = new CountingEntry(30_000_000_000L);
            }
        }

        @Operation(nonParallelGroup = "registrar")
        public void register(@Param(name = "entry") int index) {
            if (registered.compareAndSet(index, 0, 1)) {
                driver.register(entries[index]);
            }
        }

        @Operation
        public boolean cancel(@Param(name = "entry") int index) {
            return entries[index].cancel(false);
        }

        @Operation(nonParallelGroup = "owner")
        public int advance() {
            return driver.advance(0, 10);
        }

        @Validate
        public void nothingIsLeftBehind() {
            driver.advance(0, 10);
            int expected = 0;
            for (int i = 0; i < entries.length; i++) {
                if (registered.get(i) == 1 && !entries[i].isCancelled()) {
                    expected++;
                }
            }
            check(driver.size() == expected && !driver.hasMail());
        }
    }

    /** One entry, and an owner that looks at the state before it clears the posted bit. */
    public static class BrokenFar {

        private final AtomicInteger state = new AtomicInteger(TimerState.NEW);
        private final AtomicBoolean mail = new AtomicBoolean();
        private boolean filed;

        @Operation(nonParallelGroup = "registrar")
        public void register() {
            if (state.compareAndSet(TimerState.NEW, TimerState.ARMED | TimerState.POSTED)) {
                mail.set(true);
            }
        }

        @Operation
        public boolean cancel() {
            int before = state.getAndUpdate(
                    word -> lifecycle(word) == TimerState.CANCELLED ? word : TimerState.CANCELLED | TimerState.POSTED);
            if (before == TimerState.ARMED) {
                mail.set(true);
            }
            return lifecycle(before) != TimerState.CANCELLED;
        }

        @Operation(nonParallelGroup = "owner")
        public void advance() {
            if (mail.getAndSet(false)) {
                filed = lifecycle(state.get()) == TimerState.ARMED;
                state.getAndUpdate(word -> word & ~TimerState.POSTED); // the fault: too late
            }
        }

        @Validate
        public void nothingIsLeftBehind() {
            advance();
            check(filed == (lifecycle(state.get()) == TimerState.ARMED));
        }

        private static int lifecycle(int word) {
            return word & TimerState.LIFECYCLE;
        }
    }

    static void check(boolean holds) {
        if (!holds) {
            throw new IllegalStateException("An entry was left behind");
        }
    }
}
