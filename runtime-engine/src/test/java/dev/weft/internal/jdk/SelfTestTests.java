/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class SelfTestTests {

    /** A self-test that fails by chance would put an application into shared mode by chance. */
    @Test
    @Tag("dedicated-only")
    void passesAgainAndAgainOnABusyMachine() {
        var stop = new AtomicBoolean();
        List<Thread> load = new ArrayList<>();
        for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
            load.add(Thread.ofPlatform().daemon().start(() -> {
                while (!stop.get()) {
                    Thread.onSpinWait();
                }
            }));
        }
        try {
            for (int i = 0; i < 100; i++) {
                assertThat(SelfTest.run()).isNull();
            }
        } finally {
            stop.set(true);
        }
    }

    @Test
    @Tag("dedicated-only")
    void saysWhichCheckWasNotReachedInTime() {
        assertThat(SelfTest.run(Duration.ZERO))
                .contains("self-test")
                .contains("did not get on within 0 s, at a timed park")
                .doesNotContain("Exception");
    }

    @Test
    @Tag("shared-only")
    void saysThatThePackageIsNotOpen() {
        assertThat(SelfTest.failure()).isEqualTo("java.lang is not open to Weft");
        assertThat(VirtualThreads.unavailableBecause()).isEqualTo("java.lang is not open to Weft");
    }
}
