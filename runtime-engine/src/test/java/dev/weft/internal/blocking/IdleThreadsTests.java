/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.blocking;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class IdleThreadsTests {

    private final IdleThreads idle = new IdleThreads();
    private final PoolThread oldest = thread("oldest");
    private final PoolThread middle = thread("middle");
    private final PoolThread newest = thread("newest");

    @Test
    void givesTheOneThatCameLast() {
        fill();
        assertThat(List.of(idle.popNewest(), idle.popNewest(), idle.popNewest()))
                .containsExactly(newest, middle, oldest);
        assertThat(idle.popNewest()).isNull();
        assertThat(idle.size()).isZero();
    }

    @Test
    void givesTheOneThatCameFirstToWhoeverWantsFewerThreads() {
        fill();
        assertThat(idle.popOldest()).isSameAs(oldest);
        assertThat(idle.popNewest()).isSameAs(newest);
        assertThat(idle.popOldest()).isSameAs(middle);
        assertThat(idle.popOldest()).isNull();
    }

    @Test
    void losesOnlyTheRemovedThread() {
        for (PoolThread removed : List.of(oldest, middle, newest)) {
            fill();
            idle.remove(removed);
            assertThat(removed.idle).isFalse();
            List<PoolThread> left = new ArrayList<>();
            idle.forEach(left::add);
            assertThat(left).hasSize(2).doesNotContain(removed).allMatch(thread -> thread.idle);
            while (idle.popNewest() != null) {
                continue;
            }
        }
    }

    private void fill() {
        idle.push(oldest);
        idle.push(middle);
        idle.push(newest);
    }

    private static PoolThread thread(String name) {
        return new PoolThread(null, new TestHost(), null, name);
    }
}
