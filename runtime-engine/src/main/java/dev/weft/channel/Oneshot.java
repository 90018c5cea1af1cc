/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.channel;

import dev.weft.internal.port.Ports;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A channel for one value.
 *
 * <p>Thread-safe; sending never blocks. One thread receives at a time. The two sides can be handed out apart.
 *
 * @param <T> the value; channels carry no nulls, {@link #signal()} makes one without a value
 */
public final class Oneshot<T> {

    /*
     * state: null -> Thread -> null ...       nobody sent; a receiver waits, or does not
     *        null | Thread -> Sent(value)     the send; the exchange is its linearisation point
     *        Sent -> TAKEN                    the receive
     *        null | Thread -> NO_SENDER       the sender closed
     *        null | Sent -> NO_RECEIVER       the receiver closed; a value that was there is handed back to the closer
     *
     * A receiver that is interrupted takes its Thread out again by a CAS. If that fails a value has come: it stays, and
     * the next receive gets it, so an interrupted receive has taken nothing.
     */

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Oneshot.class, "state", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private enum End {
        TAKEN,
        NO_SENDER,
        NO_RECEIVER
    }

    private static final Object SIGNAL = new Object();

    /** A value that might itself be a Thread or an End. */
    private record Sent(Object value) {}

    private static final Sent SENT_SIGNAL = new Sent(SIGNAL);

    @SuppressWarnings("unused") // accessed through STATE
    private volatile @Nullable Object state;

    private final Sender<T> sender = new Sender<>(this);
    private final Receiver<T> receiver = new Receiver<>(this);

    private Oneshot() {}

    /** Makes a channel for one value. */
    public static <T> Oneshot<T> create() {
        return new Oneshot<>();
    }

    /** Makes a channel for one signal without a value; see {@link Sender#signal()} and {@link Receiver#await()}. */
    public static Oneshot<Void> signal() {
        return new Oneshot<>();
    }

    /** Returns the sending side. */
    public Sender<T> sender() {
        return sender;
    }

    /** Returns the receiving side. */
    public Receiver<T> receiver() {
        return receiver;
    }

    private boolean put(Sent sent) {
        for (;;) {
            Object before = state;
            if (before != null && !(before instanceof Thread)) {
                if (before == End.NO_RECEIVER) {
                    return false;
                }
                throw new IllegalStateException("a oneshot channel carries one value, and it "
                        + (before == End.NO_SENDER ? "was closed by its sender" : "was sent already"));
            }
            if (STATE.compareAndSet(this, before, sent)) {
                if (before instanceof Thread waiter) {
                    LockSupport.unpark(waiter);
                }
                return true;
            }
        }
    }

    private Object take() throws InterruptedException {
        for (;;) {
            Object before = state;
            if (before instanceof Sent sent) {
                if (STATE.compareAndSet(this, sent, End.TAKEN)) {
                    return sent.value;
                }
            } else if (before instanceof End end) {
                throw ended(end);
            } else {
                await(before);
            }
        }
    }

    private void await(@Nullable Object before) throws InterruptedException {
        Thread me = Thread.currentThread();
        if (before != null && before != me) {
            throw new IllegalStateException(
                    "thread '" + ((Thread) before).getName() + "' waits for this channel already");
        }
        if (Thread.interrupted()) {
            throw Ports.interruption();
        }
        if (before == null && !STATE.compareAndSet(this, null, me)) {
            return;
        }
        while (state == me) {
            LockSupport.park(this);
            if (Thread.interrupted()) {
                STATE.compareAndSet(this, me, null); // if this fails the value has come, and stays for the next receive
                throw Ports.interruption();
            }
        }
    }

    private static IllegalStateException ended(End end) {
        return switch (end) {
            case TAKEN -> new IllegalStateException("the value of a oneshot channel was received already");
            case NO_SENDER -> new ChannelClosedException("the sender was closed without sending");
            case NO_RECEIVER -> new IllegalStateException("the receiver is closed");
        };
    }

    private void closeSender() {
        Object before = state;
        while (before == null || before instanceof Thread) {
            Object seen = STATE.compareAndExchange(this, before, End.NO_SENDER);
            if (seen == before) {
                if (before instanceof Thread waiter) {
                    LockSupport.unpark(waiter);
                }
                return;
            }
            before = seen;
        }
    }

    private @Nullable Object closeReceiver() {
        Object before = state;
        while (!(before instanceof End)) {
            Object seen = STATE.compareAndExchange(this, before, End.NO_RECEIVER);
            if (seen == before) {
                if (before instanceof Thread waiter) {
                    LockSupport.unpark(waiter);
                }
                return before instanceof Sent sent ? sent.value : null;
            }
            before = seen;
        }
        return null;
    }

    @Override
    public String toString() {
        return "oneshot channel";
    }

    /** The sending side. Thread-safe; never blocks. Closing it without having sent tells the receiver. */
    public static final class Sender<T> implements AutoCloseable {
        private final Oneshot<T> channel;

        private Sender(Oneshot<T> channel) {
            this.channel = channel;
        }

        /**
         * Sends the value.
         *
         * @return false when the receiver is closed; the value went nowhere
         * @throws IllegalStateException when a value was sent, or this side was closed
         */
        public boolean send(T value) {
            return channel.put(new Sent(Objects.requireNonNull(value, "value")));
        }

        /** Sends the signal of a channel without a value; otherwise as {@link #send}. */
        public boolean signal() {
            return channel.put(SENT_SIGNAL);
        }

        /** Tells the receiver that nothing will come, if nothing was sent. */
        @Override
        public void close() {
            channel.closeSender();
        }
    }

    /** The receiving side. One thread at a time. */
    public static final class Receiver<T> implements AutoCloseable {
        private final Oneshot<T> channel;

        private Receiver(Oneshot<T> channel) {
            this.channel = channel;
        }

        /**
         * Waits for the value.
         *
         * @throws InterruptedException when the caller was interrupted or aborted; the value can still be received
         * @throws ChannelClosedException when the sender was closed without sending
         */
        @SuppressWarnings("unchecked")
        public T receive() throws InterruptedException {
            Object value = channel.take();
            if (value == SIGNAL) {
                throw new IllegalStateException("a signal was sent, which has no value: use await()");
            }
            return (T) value;
        }

        /** Waits for a signal or a value and drops it; otherwise as {@link #receive}. */
        public void await() throws InterruptedException {
            channel.take();
        }

        /** Closes this side: a later send returns false. Returns a value that had been sent and not received. */
        @SuppressWarnings("unchecked")
        public Optional<T> closeAndTake() {
            Object value = channel.closeReceiver();
            return value == null || value == SIGNAL ? Optional.empty() : Optional.of((T) value);
        }

        @Override
        public void close() {
            channel.closeReceiver();
        }
    }
}
