/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.actuate.endpoint;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Several settings that change together: when one is refused, those set before it get their old value back.
 *
 * <p>Put the setting with the greatest side effects last; it is then never undone.
 */
final class LiveChange {

    private final List<Setting<?>> settings = new ArrayList<>();

    /** Adds a setting, unless its new value is absent. */
    <T> LiveChange set(@Nullable T newValue, T oldValue, Consumer<T> setter) {
        if (newValue != null) {
            settings.add(new Setting<>(newValue, oldValue, setter));
        }
        return this;
    }

    /**
     * Sets them all, or none.
     *
     * @throws IllegalArgumentException when there is nothing to set, or when a setter refuses a value
     */
    void apply() {
        if (settings.isEmpty()) {
            throw new IllegalArgumentException("nothing to change: the body holds none of the known settings");
        }
        Deque<Setting<?>> done = new ArrayDeque<>();
        try {
            for (Setting<?> setting : settings) {
                setting.apply();
                done.push(setting);
            }
        } catch (RuntimeException refused) {
            done.forEach(Setting::undo);
            throw refused;
        }
    }

    private record Setting<T>(T newValue, T oldValue, Consumer<T> setter) {

        void apply() {
            setter.accept(newValue);
        }

        void undo() {
            setter.accept(oldValue);
        }
    }
}
