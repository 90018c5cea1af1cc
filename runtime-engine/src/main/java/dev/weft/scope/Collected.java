/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.scope;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link JoinSet} had when its time was up.
 *
 * @param outcomes one for each child that was in the set, in spawn order
 */
public record Collected<T extends @Nullable Object>(List<Outcome<T>> outcomes) {

    /** Copies the list. */
    public Collected {
        outcomes = List.copyOf(outcomes);
    }

    /** How a child fared. */
    public enum Status {
        /** It returned in time. */
        DONE,
        /** It threw in time. */
        FAILED,
        /** It was aborted by somebody, in time. */
        CANCELLED,
        /** It was too late, and was aborted. */
        LATE
    }

    /**
     * One child.
     *
     * @param taskId its id
     * @param name its name, or null
     * @param status how it fared
     * @param value what it returned, if it is {@link Status#DONE}
     * @param failure what it threw, if it is {@link Status#FAILED}
     */
    public record Outcome<T extends @Nullable Object>(
            long taskId, @Nullable String name, Status status, @Nullable T value, @Nullable Throwable failure) {}

    /** Returns the values of those that returned in time, in spawn order. */
    @SuppressWarnings("NullAway") // DONE implies that there is a value
    public List<T> values() {
        return outcomes.stream()
                .filter(outcome -> outcome.status == Status.DONE)
                .map(outcome -> outcome.value)
                .toList();
    }

    /** Returns what the failed ones threw, in spawn order. */
    public List<Throwable> failures() {
        return outcomes.stream()
                .map(Outcome::failure)
                .filter(Objects::nonNull)
                .toList();
    }

    /** Returns those that were too late, in spawn order. */
    public List<Outcome<T>> late() {
        return outcomes.stream()
                .filter(outcome -> outcome.status == Status.LATE)
                .toList();
    }

    /** Returns whether every child returned in time. */
    public boolean isComplete() {
        return outcomes.stream().allMatch(outcome -> outcome.status == Status.DONE);
    }
}
