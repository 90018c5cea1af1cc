/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.concurrency;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;

/** A scenario written by hand, where chance would need long to find the operations that bring a fault out. */
public final class Scenario {

    private final Class<?> test;
    private List<Actor> before = List.of();
    private final List<List<Actor>> threads = new ArrayList<>();

    private Scenario(Class<?> test) {
        this.test = test;
    }

    /** Begins a scenario of operations of a test class, which are named and have no parameters. */
    public static Scenario of(Class<?> test) {
        return new Scenario(test);
    }

    /** What has happened before the threads start. */
    public Scenario before(String... operations) {
        before = actors(operations);
        return this;
    }

    /** What one more thread does. */
    public Scenario thread(String... operations) {
        threads.add(actors(operations));
        return this;
    }

    /** Returns what Lincheck wants. */
    public ExecutionScenario build() {
        return new ExecutionScenario(before, threads, List.of(), null);
    }

    private List<Actor> actors(String... operations) {
        return Arrays.stream(operations).map(this::actor).toList();
    }

    private Actor actor(String operation) {
        try {
            return new Actor(test.getMethod(operation), List.of());
        } catch (NoSuchMethodException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
