/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SpinBudgetTests {

    private static final long LONG = 1_000_000_000;

    /** Stands still unless a test moves it, as no real clock does. */
    private final AtomicLong time = new AtomicLong(-LONG);

    private final SpinBudget budget = new SpinBudget(true, time::get);

    private static void assumeMoreThanOneProcessor() {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "on a single processor nobody spins");
    }

    private long now() {
        return time.get();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anEmptyBudgetNeverLooks(boolean polite) {
        SpinBudget empty = new SpinBudget(polite, time::get);
        var looks = new AtomicInteger();
        assertThat(empty.nanos()).isZero();
        assertThat(empty.spinUntil(() -> looks.incrementAndGet() > 0, now())).isFalse();
        assertThat(looks).hasValue(0);
    }

    @Test
    void onASingleProcessorTheBudgetStaysEmpty() {
        assumeTrue(Runtime.getRuntime().availableProcessors() == 1);
        budget.waited(0);
        assertThat(budget.nanos()).isZero();
    }

    @Test
    void shortWaitsDoubleTheBudgetUpToALimit() {
        assumeMoreThanOneProcessor();
        long before = 0;
        for (int i = 0; i < 5; i++) {
            budget.waited(0);
            assertThat(budget.nanos()).isEqualTo(before == 0 ? 1_000 : 2 * before);
            before = budget.nanos();
        }
        for (int i = 0; i < 100; i++) {
            budget.waited(49_999);
        }
        assertThat(budget.nanos()).isEqualTo(50_000);
    }

    @Test
    void longWaitsHalveTheBudgetDownToNothing() {
        assumeMoreThanOneProcessor();
        for (int i = 0; i < 10; i++) {
            budget.waited(1);
        }
        long before = budget.nanos();
        long sum = 0;
        while (before > 0) {
            sum += before;
            budget.waited(50_000);
            assertThat(budget.nanos()).isEqualTo(before / 2 < 1_000 ? 0 : before / 2);
            before = budget.nanos();
        }
        assertThat(sum).isLessThan(2 * 50_000);
        budget.waited(LONG);
        assertThat(budget.nanos()).isZero();
        budget.waited(1);
        assertThat(budget.nanos()).isEqualTo(1_000);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void returnsAtTheFirstLookThatFindsTheConditionTrue(boolean polite) {
        assumeMoreThanOneProcessor();
        SpinBudget some = new SpinBudget(polite, time::get);
        some.waited(1);
        var looks = new AtomicInteger();
        assertThat(some.spinUntil(() -> looks.incrementAndGet() == 3, now())).isTrue();
        assertThat(looks).hasValue(3);
    }

    @Test
    void looksOnceMoreWhenTheTimeIsUpAlreadyAndThenGivesUp() {
        assumeMoreThanOneProcessor();
        budget.waited(1);
        var looks = new AtomicInteger();
        assertThat(budget.spinUntil(() -> looks.incrementAndGet() == 0, now() - LONG)).isFalse();
        assertThat(looks).hasValue(1);
        assertThat(budget.spinUntil(() -> true, now() - LONG)).isTrue();
    }

    @Test
    void aSpinDoesNotChangeTheBudgetByItself() {
        assumeMoreThanOneProcessor();
        budget.waited(1);
        assertThat(budget.spinUntil(() -> true, now())).isTrue();
        assertThat(budget.spinUntil(() -> false, now() - LONG)).isFalse();
        assertThat(budget.nanos()).isEqualTo(1_000);
    }

    @Test
    void aLookThatTakesTooLongEndsTheSpinAndEmptiesTheBudgetForAWhile() {
        assumeMoreThanOneProcessor();
        for (int i = 0; i < 10; i++) {
            budget.waited(1);
        }
        var looks = new AtomicInteger();
        assertThat(budget.spinUntil(
                () -> {
                    time.addAndGet(looks.incrementAndGet() == 2 ? 50_001 : 10);
                    return false;
                },
                now()))
                .isFalse();
        assertThat(looks).hasValue(2);
        assertThat(budget.nanos()).isZero();
        for (int i = 0; i < 100; i++) {
            budget.waited(1);
            assertThat(budget.nanos()).isZero();
        }
        budget.waited(1);
        assertThat(budget.nanos()).isEqualTo(1_000);
    }

    @Test
    void aLateLookThatFindsTheConditionTrueCostsNothing() {
        assumeMoreThanOneProcessor();
        budget.waited(1);
        assertThat(budget.spinUntil(() -> time.addAndGet(LONG) > Long.MIN_VALUE, now())).isTrue();
        assertThat(budget.nanos()).isEqualTo(1_000);
    }

    @Test
    void aConditionThatThrowsLeavesTheBudgetToOthers() {
        assumeMoreThanOneProcessor();
        budget.waited(1);
        assertThatThrownBy(() -> budget.spinUntil(
                () -> {
                    throw new IllegalStateException();
                },
                now()))
                .isInstanceOf(IllegalStateException.class);
        assertThat(budget.spinUntil(() -> true, now())).isTrue();
    }

    @Test
    void oneThreadSpinsAtATime() throws Exception {
        assumeMoreThanOneProcessor();
        budget.waited(1);
        var spinning = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        var held = new AtomicInteger();
        Thread spinner = Thread.ofPlatform().start(() -> {
            boolean found = budget.spinUntil(
                    () -> {
                        spinning.countDown();
                        return release.getCount() == 0;
                    },
                    now());
            held.set(found ? 1 : -1);
        });
        spinning.await();
        var looks = new AtomicInteger();
        assertThat(budget.spinUntil(() -> looks.incrementAndGet() > 0, now())).isFalse();
        assertThat(looks).hasValue(0);
        release.countDown();
        spinner.join();
        assertThat(held).hasValue(1);
        assertThat(budget.spinUntil(() -> true, now())).isTrue();
    }
}
