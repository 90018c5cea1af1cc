/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.metrics.TaskInfo;
import dev.weft.task.JoinHandle;
import dev.weft.time.Time;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A closed runtime keeps nothing of the application that used it, and a closed engine nothing of itself. */
@Timeout(60)
class ClassLoaderTests {

    @RegisterExtension
    final Runtimes runtimes = new Runtimes();

    private static void awaitCollection(WeakReference<ClassLoader> loader) {
        await().pollInterval(Duration.ofMillis(20)).until(() -> ThrowAwayLoader.isCollected(loader));
    }

    @Test
    void anApplicationIsCollectedAfterItsRuntimeIsClosed() throws Exception {
        awaitCollection(ThrowAwayLoader.runIn(ThrowAwayLoader.ofApplication(), Runtimes.MODE, () -> {}));
    }

    /** The threads that all runtimes have in common go on, and the application was the first to need them. */
    @Test
    void soItIsWhileTheRuntimeOfAnotherGoesOn() throws Exception {
        var others = new ArrayList<JoinHandle<?>>();
        WeakReference<ClassLoader> loader = ThrowAwayLoader.runIn(
                ThrowAwayLoader.ofApplication(), Runtimes.MODE, () -> others.addAll(startAnother()));
        awaitCollection(loader);
        assertThat(others.getFirst().isDone()).isFalse();
        assertThat(others.getLast().state()).isEqualTo(Future.State.FAILED);
    }

    private List<JoinHandle<?>> startAnother() {
        Thread me = Thread.currentThread();
        ClassLoader applications = me.getContextClassLoader();
        me.setContextClassLoader(getClass().getClassLoader()); // tasks have their spawner's, and one of them stays
        try {
            WeftRuntime another = runtimes.start(builder -> builder.name("another"));
            JoinHandle<?> waits = another.spawn(() -> Time.sleep(Duration.ofDays(1)));
            JoinHandle<?> unread = another.spawn(() -> {
                throw new IllegalStateException("nobody reads it");
            });
            await().until(unread::isDone);
            await().until(() -> another.task(waits.id())
                    .map(task -> task.state() == TaskInfo.State.SUSPENDED)
                    .orElse(false));
            return List.of(waits, unread);
        } finally {
            me.setContextClassLoader(applications);
        }
    }

    @Test
    void anEngineIsCollectedAfterItsRuntimesAreClosed() throws Exception {
        awaitCollection(ThrowAwayLoader.runIn(ThrowAwayLoader.ofApplicationAndEngine(), Runtimes.MODE, () -> {}));
    }

    @Test
    void soIsTheFirstEngineOfAJvm() throws Exception {
        ChildJvm.Ended ended = ChildJvm.run(ThrowAwayLoader.class, Runtimes.MODE);
        assertThat(ended.out()).as("%s", ended).containsExactly("collected");
        assertThat(ended.exitCode()).as("%s", ended).isZero();
    }
}
