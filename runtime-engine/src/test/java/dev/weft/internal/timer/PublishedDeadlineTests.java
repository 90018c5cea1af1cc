/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.timer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PublishedDeadlineTests {

    private final PublishedDeadline published = new PublishedDeadline();

    @Test
    void neverIsLaterThanAnything() {
        assertThat(published.read()).isEqualTo(Long.MAX_VALUE);
        assertThat(published.isLaterThan(Long.MAX_VALUE)).isTrue();
        assertThat(published.isLaterThan(Long.MIN_VALUE)).isTrue();
    }

    @Test
    void comparesByDifference() {
        published.promise(Long.MAX_VALUE - 5);
        assertThat(published.isLaterThan(Long.MIN_VALUE + 5)).isFalse();
        assertThat(published.isLaterThan(Long.MAX_VALUE - 6)).isTrue();
        assertThat(published.isLaterThan(Long.MAX_VALUE - 5)).isFalse();
    }

    @Test
    void earlierAnnouncementReplacesALaterOne() {
        published.announceIfEarlier(100);
        assertThat(published.read()).isEqualTo(100);
        published.announceIfEarlier(200);
        assertThat(published.read()).isEqualTo(100);
        published.announceIfEarlier(50);
        assertThat(published.read()).isEqualTo(50);
        published.announce(70);
        assertThat(published.read()).isEqualTo(70);
    }

    @Test
    void realDeadlineIsNeverTakenForNever() {
        published.announceIfEarlier(Long.MAX_VALUE);
        assertThat(published.read()).isEqualTo(Long.MAX_VALUE - 1);
    }
}
