/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.timer;

import dev.weft.clock.TimeSource;
import dev.weft.metrics.TimerMetrics;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The timers of one worker: a hierarchical wheel, and a small heap for near deadlines, driven by one owner at a time.
 *
 * <p>An entry never fires before its deadline. If the owner advances in time, one registered less than 4 ms ahead fires
 * at its deadline, any other at most 1 ms after it. Entries fire in the order of these times; those of the wheel that
 * share a millisecond in the order of their registration.
 *
 * <p>{@link #register}, {@link TimerEntry#cancel} and the methods that say so work on any thread: on the owner they act
 * at once, elsewhere they leave the entry in a mailbox that the owner empties when it next advances. The other methods
 * are for the owner, which is whoever the {@link OwnerGuard} admits or would admit. Nothing here blocks or throws, and
 * nothing but the growth of the heap allocates.
 *
 * <p>An owner parks like this, so that no registration is slept through:
 *
 * <pre>{@code
 * driver.advance(clock.nanoTime(), budget);
 * long deadline = driver.nextDeadlineNanos();   // publishes
 * if (!driver.hasMail()) {
 *     parkUntil(deadline);                      // Long.MAX_VALUE: for ever
 * }
 * }</pre>
 */
public final class TimerDriver {

    /*
     * Owner thread                                    foreign thread
     *
     *   register: NEW -> ARMED, file                    register: NEW -> ARMED+posted, push, compare with the promise
     *   cancel:   ARMED -> CANCELLED, unfile            cancel:   ARMED -> CANCELLED+posted, push
     *   advance:  empty the mailbox: clear posted and
     *             file what is armed, unfile what is
     *             cancelled; then unfile what is due,
     *             ARMED -> FIRED, fire()
     *
     * "File" means: link into the heap or the wheel. Both are plain data of the owner. Ownership moves between threads
     * only with a happens-before edge of its own (OwnerGuard), so no thread is remembered here.
     *
     * Nothing is lost. An entry becomes armed only in a CAS whose winner files it (owner) or pushes it (foreign), and a
     * pushed entry is filed at the next advance. It leaves wheel and heap only through unfile, for one of three
     * reasons: it was cancelled, or it is due and tryFire decides, or drain takes it. If tryFire fails, a cancel has
     * won and there is nothing left to do.
     *
     * Nothing fires twice or after its cancel: fire() is behind the CAS ARMED -> FIRED (see TimerState).
     *
     * Nothing stays. An entry cancelled while it is filed is unfiled by the canceller itself or posted, and each posted
     * entry is seen by the next advance: n foreign cancels leave no entry behind it. A foreign cancel that finds the
     * entry between "clear posted" or "ARMED" and the owner's filing of it posts it; the owner then files a cancelled
     * entry, and meets it in the mailbox the next time.
     *
     * Nothing is slept through: see PublishedDeadline. A foreign cancel wakes nobody; at worst the owner wakes once for
     * an entry that is gone.
     *
     * Re-entrance. No callback runs while wheel or heap are being changed: an entry is unfiled before its fire() is
     * called, the loop looks at both again afterwards, and mail is handled without callbacks. So fire() may register
     * and cancel at will. What it registers for "now" fires within the same advance; only "max" ends that.
     *
     * Why a heap beside the wheel: a library that parks for 50 us must not wait for the next millisecond. The heap takes
     * what is due within 4 ms, and so stays small. It also takes what is due already, or due before the wheel's position
     * because the clock went back, as it is exact whatever the clock does. The wheel takes all else, and the overflow of
     * a full heap.
     */

    /** Deadlines nearer than this go to the heap. */
    static final long NEAR_NANOS = 4 * TimerWheel.TICK_NANOS;

    /** How far a deadline may be from now; 146 years. Differences between clamped deadlines do not overflow. */
    static final long HORIZON_NANOS = Long.MAX_VALUE / 2;

    private static final int HEAP_LIMIT = 1 << 16;

    private final TimeSource clock;
    private final OwnerGuard owner;

    // any thread
    private final Mailbox mailbox = new Mailbox();
    private final PublishedDeadline published = new PublishedDeadline();

    // owner only
    private final TimerWheel wheel;
    private final ExactHeap heap;

    // written by the owner only
    private final TimerCounters counters = new TimerCounters();

    /** Makes an empty driver; its ticks begin now. */
    public TimerDriver(TimeSource clock, OwnerGuard owner) {
        this(clock, owner, HEAP_LIMIT);
    }

    TimerDriver(TimeSource clock, OwnerGuard owner, int heapLimit) {
        this.clock = clock;
        this.owner = owner;
        this.wheel = new TimerWheel(clock.nanoTime());
        this.heap = new ExactHeap(heapLimit);
    }

    /** {@link #register(TimerEntry, long)} with the reading of the clock taken here, if it is needed. */
    public boolean register(TimerEntry entry) {
        if (!owner.tryEnter()) {
            return post(entry);
        }
        try {
            registerOwned(entry, clock.nanoTime());
        } finally {
            owner.exit();
        }
        return true;
    }

    /**
     * Arms a new or re-armed entry; any thread.
     *
     * <p>An entry that was cancelled before is dropped. To register an armed or fired entry is a mistake of the caller:
     * an assertion fails where they are on, otherwise nothing happens.
     *
     * @param nowNanos a recent reading of the clock, which the caller has usually taken to compute the deadline
     * @return {@code true} if the caller is done: the entry is filed or dropped, or the owner will find it in the
     *     mailbox early enough by itself; {@code false} if the caller must wake the owner, which may be parked beyond
     *     the deadline
     */
    public boolean register(TimerEntry entry, long nowNanos) {
        if (!owner.tryEnter()) {
            return post(entry);
        }
        try {
            registerOwned(entry, nowNanos);
        } finally {
            owner.exit();
        }
        return true;
    }

    private void registerOwned(TimerEntry entry, long nowNanos) {
        if (claim(entry) && entry.tryArm()) {
            counters.entryRegistered();
            file(entry, nowNanos);
            published.announceIfEarlier(entry.deadline);
        }
    }

    private boolean post(TimerEntry entry) {
        long deadline = entry.deadlineNanos();
        if (!claim(entry)) {
            return true;
        }
        entry.place = TimerEntry.IN_MAIL;
        if (!entry.tryArmPosted()) {
            return true;
        }
        mailbox.push(entry);
        return !published.isLaterThan(deadline); // not entry.deadline: it may have fired, and be armed anew, by now
    }

    /** Points a new entry at this driver, ahead of the CAS that publishes it. Leaves entries in use alone. */
    private boolean claim(TimerEntry entry) {
        if (entry.isNew()) {
            entry.driver = this;
            return true;
        }
        assert entry.wasCancelled() : "registered twice, or fired and not re-armed: " + entry;
        return false;
    }

    /** Brings a cancelled entry that is or will be filed out of wheel and heap; any thread, the canceller. */
    void discard(TimerEntry entry) {
        if (!owner.tryEnter()) {
            mailbox.push(entry);
            return;
        }
        try {
            unfile(entry);
            counters.entryCancelled();
        } finally {
            owner.exit();
        }
    }

    /**
     * Empties the mailbox and fires what is due; owner only, and not from within {@link TimerEntry#fire}.
     *
     * @param nowNanos a reading of the clock; one that is behind an earlier reading fires nothing early
     * @param max how many entries to fire at most. What is left is due: {@link #nextDeadlineNanos()} says so
     * @return how many entries fired
     */
    public int advance(long nowNanos, int max) {
        readMail(nowNanos);
        long tick = wheel.tickAt(nowNanos);
        int fired = 0;
        while (fired < max) {
            var entry = pollDue(nowNanos, tick);
            if (entry == null) {
                break;
            }
            if (entry.tryFire()) {
                fired++;
                counters.entryFired(nowNanos - entry.deadline);
                run(entry);
            }
        }
        published.announce(earliest());
        return fired;
    }

    /**
     * Returns the earliest time at which {@link #advance} has something to do, and publishes it; owner only.
     *
     * <p>That may be now or earlier. It may also be a little before anything is due, when the wheel has to be turned.
     *
     * @return a reading of the clock, or {@link Long#MAX_VALUE} when there is no entry
     */
    public long nextDeadlineNanos() {
        long next = earliest();
        published.promise(next);
        return next;
    }

    /**
     * Returns what the owner last published as its next deadline; any thread.
     *
     * <p>It lies after no entry that the owner has filed. If it has passed, entries are due, or were until they were
     * cancelled, and the owner has not advanced since.
     *
     * @return a reading of the clock, or {@link Long#MAX_VALUE} when there is no entry
     */
    public long publishedDeadlineNanos() {
        return published.read();
    }

    /** Returns whether the next {@link #advance} has mail to read; any thread. See the class comment for its use. */
    public boolean hasMail() {
        return !mailbox.isEmpty();
    }

    /**
     * Takes out every entry and hands those still armed to the consumer, as if they had never been registered; owner
     * only.
     *
     * <p>The consumer may cancel an entry, or register it with another driver; not with this one. What it throws is
     * treated like an exception from {@link TimerEntry#fire}. May be called again for entries that arrive later.
     */
    public void drain(Consumer<? super TimerEntry> each) {
        readMail(clock.nanoTime());
        for (var entry = pollAny(); entry != null; entry = pollAny()) {
            if (entry.tryDisarm()) {
                counters.entryDrained();
                handOver(entry, each);
            }
        }
        published.announce(PublishedDeadline.NEVER);
    }

    private void readMail(long nowNanos) {
        var entry = mailbox.takeAll();
        while (entry != null) {
            var following = entry.mailNext;
            entry.mailNext = null; // before takeFromMail: afterwards the link may belong to a canceller
            readLetter(entry, nowNanos);
            entry = following;
        }
    }

    /** A letter registers an entry, which may have been cancelled since, or brings one that was cancelled when filed. */
    private void readLetter(TimerEntry entry, long nowNanos) {
        if (entry.place == TimerEntry.IN_MAIL) {
            entry.place = TimerEntry.UNFILED;
            counters.entryRegistered();
        }
        if (entry.takeFromMail()) {
            file(entry, nowNanos);
        } else {
            unfile(entry);
            counters.entryCancelled();
        }
    }

    private void file(TimerEntry entry, long nowNanos) {
        entry.clampDeadline(nowNanos, HORIZON_NANOS);
        boolean near = entry.deadline - nowNanos < NEAR_NANOS;
        if (!near || !heap.tryAdd(entry)) {
            fileFar(entry, nowNanos);
        }
        counters.filed(+1);
    }

    private void fileFar(TimerEntry entry, long nowNanos) {
        wheel.catchUp(wheel.tickAt(nowNanos));
        long tick = wheel.tickAtOrAfter(entry.deadline);
        boolean behind = tick <= wheel.position(); // the clock went back
        if (!behind || !heap.tryAdd(entry)) {
            wheel.add(entry, Math.max(tick, wheel.position()));
        }
    }

    private void unfile(TimerEntry entry) {
        if (entry.place == TimerEntry.UNFILED) {
            return;
        }
        if (entry.place < ExactHeap.FIRST_PLACE) {
            wheel.remove(entry);
        } else {
            heap.remove(entry);
        }
        counters.filed(-1);
    }

    /** Unfiles the entry that is due first, or returns null when nothing is due. */
    private @Nullable TimerEntry pollDue(long nowNanos, long tick) {
        for (;;) {
            var near = heap.peek();
            long expiry = wheel.nextExpiry();
            boolean wheelDue = expiry <= tick;
            if (near != null
                    && near.deadline - nowNanos <= 0
                    && !(wheelDue && wheel.nanosAt(expiry) - near.deadline < 0)) {
                unfile(near);
                return near;
            }
            if (!wheelDue) {
                wheel.catchUp(tick);
                return null;
            }
            var far = wheel.expire(expiry);
            if (far != null) {
                counters.filed(-1);
                return far;
            }
        }
    }

    private @Nullable TimerEntry pollAny() {
        var entry = heap.peek();
        if (entry != null) {
            unfile(entry);
            return entry;
        }
        entry = wheel.pollAny();
        if (entry != null) {
            counters.filed(-1);
        }
        return entry;
    }

    private long earliest() {
        var near = heap.peek();
        long expiry = wheel.nextExpiry();
        if (near == null) {
            return expiry == TimerWheel.NEVER
                    ? PublishedDeadline.NEVER
                    : PublishedDeadline.notNever(wheel.nanosAt(expiry));
        }
        long next = near.deadline;
        if (expiry != TimerWheel.NEVER && wheel.nanosAt(expiry) - next < 0) {
            next = wheel.nanosAt(expiry);
        }
        return PublishedDeadline.notNever(next);
    }

    private void run(TimerEntry entry) {
        try {
            entry.fire();
        } catch (Throwable cause) { // whatever it is, the entries behind this one are somebody else's
            counters.actionFailed(cause);
        }
    }

    private void handOver(TimerEntry entry, Consumer<? super TimerEntry> each) {
        try {
            each.accept(entry);
        } catch (Throwable cause) { // as in run
            counters.actionFailed(cause);
        }
    }

    TimeSource clock() {
        return clock;
    }

    /** Returns the counters as one record; any thread, and then not all of the same moment. */
    public TimerMetrics metrics() {
        return counters.snapshot();
    }

    /** Returns how many entries are filed, without those in the mailbox; any thread. */
    public int size() {
        return counters.filed();
    }

    /** Returns how many entries the owner has accepted, counting each arming; any thread. */
    public long registered() {
        return counters.registered();
    }

    /** Returns how many entries fired; any thread. */
    public long fired() {
        return counters.fired();
    }

    /** Returns how many cancelled entries the owner has removed; any thread. */
    public long cancelled() {
        return counters.cancelled();
    }

    /** Returns how many entries {@link #drain} has handed out; any thread. */
    public long drained() {
        return counters.drained();
    }

    /** Returns how often {@link TimerEntry#fire} or a drain's consumer threw; any thread. */
    public long failed() {
        return counters.failed();
    }

    /** Returns what was thrown last, if anything; any thread. */
    public @Nullable Throwable lastFailure() {
        return counters.lastFailure();
    }

    /** Returns by how much entries fired after their deadlines, all together, in nanoseconds; any thread. */
    public long lateTotalNanos() {
        return counters.lateTotalNanos();
    }

    /** Returns by how much the latest of all entries fired after its deadline, in nanoseconds; any thread. */
    public long lateMaxNanos() {
        return counters.lateMaxNanos();
    }
}
