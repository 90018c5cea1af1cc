/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.weft.channel.Oneshot;
import dev.weft.scope.JoinSet;
import dev.weft.time.Time;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class EnterTests {

    @RegisterExtension
    final Runtimes runtimes = new Runtimes();

    final WeftRuntime one = runtimes.start(builder -> builder.name("one").workerThreads(1));
    final WeftRuntime two = runtimes.start(builder -> builder.name("two").workerThreads(1));

    @Test
    void aForeignThreadThatEnteredUsesTheStaticFace() throws Exception {
        try (var entered = one.enter()) {
            assertThat(entered).isNotNull();
            assertThat(Task.spawn(() -> 1).join()).isEqualTo(1);
            assertThat(Task.spawnBlocking(() -> 2).join()).isEqualTo(2);
            assertThat(Task.named("x").spawn(() -> 3).join()).isEqualTo(3);
            assertThat(Task.current()).isEmpty();
            Time.sleep(Duration.ofMillis(1));
            try (var timer = Time.after(Duration.ofMillis(1))) {
                timer.await();
            }
            assertThat(Time.<Integer, RuntimeException>timeout(Duration.ofSeconds(30), () -> 4)).isEqualTo(4);
            try (JoinSet<Integer> set = JoinSet.open()) {
                set.spawn(() -> 5);
                assertThat(set.joinAll()).containsExactly(5);
            }
        }
        assertThatIllegalStateException().isThrownBy(() -> Task.spawn(() -> 1));
    }

    @Test
    void entriesNestAndUnwindInOrder() throws Exception {
        try (var first = one.enter()) {
            Task.spawn(() -> 1).join();
            try (var second = two.enter()) {
                Task.spawn(() -> 1).join();
                Task.spawn(() -> 1).join();
                assertThat(second).isNotNull();
            }
            Task.spawn(() -> 1).join();
            assertThat(first).isNotNull();
        }
        assertThat(one.awaitQuiet(Duration.ofSeconds(30))).isTrue();
        assertThat(two.awaitQuiet(Duration.ofSeconds(30))).isTrue();
        assertThat(one.metrics().spawned()).isEqualTo(2);
        assertThat(two.metrics().spawned()).isEqualTo(2);
    }

    @Test
    void leavingTwiceDoesNothingAndOnAnotherThreadIsRefused() throws Exception {
        Entered entered = one.enter();
        var refused = new Throwable[1];
        Thread.ofPlatform().start(() -> refused[0] = org.assertj.core.api.Assertions.catchThrowable(entered::close))
                .join();
        assertThat(refused[0]).isInstanceOf(IllegalStateException.class).hasMessageContaining("try (var entered");
        assertThat(Task.spawn(() -> 1).join()).isEqualTo(1);
        entered.close();
        entered.close();
        assertThatIllegalStateException().isThrownBy(() -> Task.spawn(() -> 1));
    }

    @Test
    void aTaskThatEnteredAnotherRuntimeIsStillATaskOfItsOwn() throws Exception {
        one.blockOn(() -> {
            long id = Task.current().orElseThrow().id();
            try (var entered = two.enter()) {
                assertThat(entered).isNotNull();
                assertThat(Task.current().orElseThrow().id()).isEqualTo(id);
                assertThatIllegalStateException().isThrownBy(() -> one.blockOn(() -> 1));
                Time.sleep(Duration.ofMillis(1));
            }
            assertThat(Task.current().orElseThrow().id()).isEqualTo(id);
        });
        assertThat(two.metrics().spawned()).isZero();
    }

    @Test
    void theRedirectionOutlivesASuspension() throws Exception {
        one.blockOn(() -> {
            try (var entered = two.enter()) {
                assertThat(entered).isNotNull();
                for (int i = 0; i < 5; i++) {
                    Thread.sleep(1);
                    Task.spawn(() -> 1).join();
                }
            }
        });
        assertThat(two.metrics().spawned()).isEqualTo(5);
        assertThat(one.metrics().spawned()).isEqualTo(1);
    }

    @Test
    void childrenOfASetRunInTheRuntimeOfTheSetAndTheRedirectionOfTheParentStays() throws Exception {
        one.blockOn(() -> {
            try (JoinSet<String> set = JoinSet.open();
                    var entered = two.enter()) {
                assertThat(entered).isNotNull();
                set.spawn(() -> {
                    Task.spawn(() -> 1).join(); // a grandchild, of the first runtime
                    return "child";
                });
                assertThat(set.joinAll()).containsExactly("child");
                assertThat(two.metrics().spawned()).isZero();
                Task.spawn(() -> 1).join(); // of the second
                assertThat(two.metrics().spawned()).isEqualTo(1);
            }
        });
        assertThat(one.awaitQuiet(Duration.ofSeconds(30))).isTrue();
        assertThat(one.metrics().spawned()).isEqualTo(3);
        assertThat(two.metrics().spawned()).isEqualTo(1);
    }

    @Test
    void twoRuntimesSignalEachOther() throws Exception {
        Oneshot<Integer> there = Oneshot.create();
        Oneshot<Integer> back = Oneshot.create();
        var far = two.spawn(() -> back.sender().send(there.receiver().receive() + 1));
        int answer = one.blockOn(() -> {
            there.sender().send(1);
            return back.receiver().receive();
        });
        assertThat(answer).isEqualTo(2);
        assertThat(far.join()).isTrue();
    }

    @Test
    void aTaskOfOneRuntimeJoinsTasksOfAnother() throws Exception {
        int sum = one.blockOn(() -> {
            int total = 0;
            for (int i = 0; i < 50; i++) {
                int n = i;
                total += two.spawn(() -> {
                    Task.yieldNow();
                    return n;
                })
                        .join();
            }
            return total;
        });
        assertThat(sum).isEqualTo(49 * 50 / 2);
    }
}
