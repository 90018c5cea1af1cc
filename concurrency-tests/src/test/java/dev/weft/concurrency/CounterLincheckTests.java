/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.concurrency;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

class CounterLincheckTests {

    @Test
    void incrementIsLinearizable() {
        modelChecking().check(Counter.class);
    }

    @Test
    void incrementIsLinearizableUnderStress() {
        new StressOptions().iterations(10).invocationsPerIteration(1_000).check(Counter.class);
    }

    @Test
    void brokenTwinLosesAnIncrement() {
        assertThatThrownBy(() -> modelChecking().check(BrokenCounter.class))
                .isInstanceOf(LincheckAssertionError.class)
                .hasMessageContaining("Invalid execution results");
    }

    private static ModelCheckingOptions modelChecking() {
        return new ModelCheckingOptions().iterations(30).invocationsPerIteration(1_000);
    }

    public static class Counter {

        private final AtomicInteger value = new AtomicInteger();

        @Operation
        public int increment() {
            return value.incrementAndGet();
        }

        @Operation
        public int get() {
            return value.get();
        }
    }

    public static class BrokenCounter {

        private volatile int value;

        @Operation
        @SuppressWarnings("NonAtomicVolatileUpdate") // the fault that Lincheck must find
        public int increment() {
            return ++value;
        }

        @Operation
        public int get() {
            return value;
        }
    }
}
