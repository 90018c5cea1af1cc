/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring;

import dev.weft.WeftRuntime;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The runtimes of an application context, by name; the application's own comes first.
 *
 * <p>Immutable.
 */
public final class WeftRuntimes {

    /** The name of the application's own runtime. */
    public static final String MAIN = "main";

    private final Map<String, WeftRuntime> byName;

    /**
     * Lists runtimes.
     *
     * @param runtimes what to list, in this order
     * @throws IllegalArgumentException when two of them have the same name
     */
    public WeftRuntimes(List<WeftRuntime> runtimes) {
        Map<String, WeftRuntime> map = new LinkedHashMap<>();
        for (WeftRuntime runtime : runtimes) {
            if (map.putIfAbsent(runtime.name(), runtime) != null) {
                throw new IllegalArgumentException("two runtimes are named '" + runtime.name()
                        + "'; names must differ, since endpoints and meters tell runtimes apart by them"
                        + " (WeftRuntime.builder().name(..))");
            }
        }
        byName = Collections.unmodifiableMap(map);
    }

    /** Returns all of them. */
    public Collection<WeftRuntime> all() {
        return byName.values();
    }

    /**
     * Returns the one with this name.
     *
     * @param name a runtime's name
     */
    public Optional<WeftRuntime> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }
}
