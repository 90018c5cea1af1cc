/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.Runtimes;
import dev.weft.WeftRuntime;
import dev.weft.metrics.TaskInfo;
import dev.weft.task.JoinHandle;
import dev.weft.task.TaskCancelledException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class OneshotTests {

    @RegisterExtension
    final Runtimes runtimes = new Runtimes();

    final WeftRuntime weft = runtimes.start(builder -> builder.workerThreads(2));

    private void awaitSuspended(JoinHandle<?> task) {
        await().until(() -> weft.task(task.id())
                .map(info -> info.state() == TaskInfo.State.SUSPENDED)
                .orElse(false));
    }

    @Test
    void aValueSentBeforeIsReceivedAtOnce() throws Exception {
        Oneshot<String> channel = Oneshot.create();
        assertThat(channel.sender().send("value")).isTrue();
        assertThat(channel.receiver().receive()).isEqualTo("value");
    }

    @Test
    void aReceiverWaitsForTheValue() throws Exception {
        Oneshot<String> channel = Oneshot.create();
        JoinHandle<String> receiver = weft.spawn(() -> channel.receiver().receive());
        awaitSuspended(receiver);
        assertThat(channel.sender().send("value")).isTrue();
        assertThat(receiver.join()).isEqualTo("value");
    }

    @Test
    void itWorksBetweenThreadsOutsideOfAnyRuntime() throws Exception {
        Oneshot<Integer> there = Oneshot.create();
        Oneshot<Integer> back = Oneshot.create();
        Thread other = Thread.ofPlatform().start(() -> {
            try {
                back.sender().send(there.receiver().receive() + 1);
            } catch (InterruptedException e) {
                back.sender().close();
            }
        });
        there.sender().send(1);
        assertThat(back.receiver().receive()).isEqualTo(2);
        other.join();
    }

    @Test
    void aSignalHasNoValue() throws Exception {
        Oneshot<Void> channel = Oneshot.signal();
        JoinHandle<?> waiter = weft.spawn(() -> channel.receiver().await());
        awaitSuspended(waiter);
        assertThat(channel.sender().signal()).isTrue();
        waiter.join();
        Oneshot<Void> again = Oneshot.signal();
        again.sender().signal();
        assertThatIllegalStateException().isThrownBy(() -> again.receiver().receive()).withMessageContaining("await()");
    }

    @Test
    void awaitTakesAValueAndDropsIt() throws Exception {
        Oneshot<String> channel = Oneshot.create();
        channel.sender().send("dropped");
        channel.receiver().await();
        assertThatIllegalStateException().isThrownBy(() -> channel.receiver().await());
    }

    @Test
    void oneValueIsSentAndOneIsReceived() throws Exception {
        Oneshot<String> channel = Oneshot.create();
        channel.sender().send("first");
        assertThatIllegalStateException()
                .isThrownBy(() -> channel.sender().send("second"))
                .withMessageContaining("was sent already");
        assertThatIllegalStateException().isThrownBy(() -> channel.sender().signal());
        assertThat(channel.receiver().receive()).isEqualTo("first");
        assertThatIllegalStateException()
                .isThrownBy(() -> channel.receiver().receive())
                .withMessageContaining("received already");
        assertThatIllegalStateException().isThrownBy(() -> channel.sender().send("third"));
    }

    @Test
    void nullsAreNotCarried() {
        assertThatNullPointerException().isThrownBy(() -> Oneshot.create().sender().send(null));
    }

    @Test
    void aValueMayBeAThread() throws Exception {
        Oneshot<Thread> channel = Oneshot.create();
        channel.sender().send(Thread.currentThread());
        assertThat(channel.receiver().receive()).isSameAs(Thread.currentThread());
    }

    // ---- closing -----------------------------------------------------------------------------------------------------

    @Test
    void aSenderThatClosesWithoutSendingTellsTheReceiver() throws Exception {
        Oneshot<String> channel = Oneshot.create();
        JoinHandle<String> receiver = weft.spawn(() -> channel.receiver().receive());
        awaitSuspended(receiver);
        channel.sender().close();
        assertThatThrownBy(receiver::join).hasCauseInstanceOf(ChannelClosedException.class);
        assertThatExceptionOfType(ChannelClosedException.class)
                .isThrownBy(() -> channel.receiver().receive())
                .withMessageContaining("without sending");
        assertThatIllegalStateException()
                .isThrownBy(() -> channel.sender().send("late"))
                .withMessageContaining("closed by its sender");
        channel.sender().close();
    }

    @Test
    void aSenderThatClosesAfterSendingTakesNothingBack() throws Exception {
        Oneshot<String> channel = Oneshot.create();
        try (var sender = channel.sender()) {
            sender.send("value");
        }
        assertThat(channel.receiver().receive()).isEqualTo("value");
    }

    @Test
    void aClosedReceiverIsSeenByTheSender() {
        Oneshot<String> channel = Oneshot.create();
        assertThat(channel.receiver().closeAndTake()).isEmpty();
        assertThat(channel.sender().send("nobody wants it")).isFalse();
        assertThat(channel.sender().send("still nobody")).isFalse();
        assertThatIllegalStateException()
                .isThrownBy(() -> channel.receiver().receive())
                .withMessageContaining("receiver is closed");
    }

    @Test
    void aReceiverThatClosesGetsWhatWasSentBefore() {
        Oneshot<String> channel = Oneshot.create();
        channel.sender().send("sent in time");
        assertThat(channel.receiver().closeAndTake()).hasValue("sent in time");
        assertThat(channel.receiver().closeAndTake()).isEmpty();
        Oneshot<Void> signal = Oneshot.signal();
        signal.sender().signal();
        assertThat(signal.receiver().closeAndTake()).isEmpty();
    }

    @Test
    void closingTheReceiverWakesWhoeverWaitsThere() throws Exception {
        Oneshot<String> channel = Oneshot.create();
        JoinHandle<String> receiver = weft.spawn(() -> channel.receiver().receive());
        awaitSuspended(receiver);
        channel.receiver().close();
        assertThatThrownBy(receiver::join).hasCauseInstanceOf(IllegalStateException.class);
    }

    // ---- interrupts --------------------------------------------------------------------------------------------------

    @Test
    void anAbortedReceiveTakesNothing() throws Exception {
        Oneshot<String> channel = Oneshot.create();
        JoinHandle<String> first = weft.spawn(() -> channel.receiver().receive());
        awaitSuspended(first);
        first.abort();
        assertThatThrownBy(first::join).isInstanceOf(TaskCancelledException.class);
        JoinHandle<String> second = weft.spawn(() -> channel.receiver().receive());
        awaitSuspended(second);
        assertThat(channel.sender().send("for the second")).isTrue();
        assertThat(second.join()).isEqualTo("for the second");
    }

    @Test
    void anInterruptedThreadThatFindsTheValueThereTakesIt() throws Exception {
        Oneshot<String> channel = Oneshot.create();
        channel.sender().send("there");
        Thread.currentThread().interrupt();
        assertThat(channel.receiver().receive()).isEqualTo("there");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void anInterruptThatMeetsTheValueLosesNeither() throws Exception {
        for (int i = 0; i < 500; i++) {
            Oneshot<Integer> channel = Oneshot.create();
            int n = i;
            JoinHandle<Integer> receiver = weft.spawn(() -> channel.receiver().receive());
            Thread sender = Thread.ofPlatform().start(() -> channel.sender().send(n));
            receiver.abort();
            sender.join();
            int got;
            try {
                got = receiver.join();
            } catch (TaskCancelledException e) {
                got = channel.receiver().receive();
            }
            assertThat(got).isEqualTo(n);
        }
    }

    @Test
    void oneReceivesAtATime() throws Exception {
        Oneshot<String> channel = Oneshot.create();
        JoinHandle<String> first = weft.named("first").spawn(() -> channel.receiver().receive());
        awaitSuspended(first);
        assertThatIllegalStateException()
                .isThrownBy(() -> channel.receiver().receive())
                .withMessageContaining("'first' waits for this channel already");
        channel.sender().send("value");
        assertThat(first.join()).isEqualTo("value");
    }

    @Test
    void theReceiverMayMoveToAnotherTask() throws Exception {
        Oneshot<String> channel = Oneshot.create();
        Oneshot<Oneshot.Receiver<String>> handOver = Oneshot.create();
        JoinHandle<String> receiver = weft.spawn(() -> handOver.receiver().receive().receive());
        handOver.sender().send(channel.receiver());
        channel.sender().send("moved");
        assertThat(receiver.join()).isEqualTo("moved");
    }

    @Test
    void thousandsOfPairsMeet() throws Exception {
        int pairs = 2_000;
        List<JoinHandle<Integer>> receivers = new ArrayList<>();
        for (int i = 0; i < pairs; i++) {
            Oneshot<Integer> there = Oneshot.create();
            Oneshot<Integer> back = Oneshot.create();
            int n = i;
            weft.spawn(() -> back.sender().send(there.receiver().receive() + 1));
            receivers.add(weft.spawn(() -> {
                there.sender().send(n);
                return back.receiver().receive();
            }));
        }
        for (int i = 0; i < pairs; i++) {
            assertThat(receivers.get(i).join()).isEqualTo(i + 1);
        }
    }
}
