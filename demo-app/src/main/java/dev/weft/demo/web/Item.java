/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.web;

import java.util.regex.Pattern;

/**
 * The name of something that has a price.
 *
 * @param name letters, digits, spaces and {@code . _ -}, starting with a letter or digit, 64 characters at most
 */
public record Item(String name) {

    private static final Pattern ALLOWED = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N} ._-]{0,63}");

    public Item {
        if (!ALLOWED.matcher(name).matches()) {
            throw new InvalidValueException(
                    "item",
                    name,
                    "1 to 64 letters, digits, spaces and . _ -, starting with a letter or digit");
        }
    }

    /** Called by Spring for path variables and parameters. */
    public static Item of(String name) {
        return new Item(name);
    }

    @Override
    public String toString() {
        return name;
    }
}
