/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import java.util.Locale;

/** On whose workers a runtime's tasks run. */
public enum Mode {

    /** Dedicated where this JVM allows it, shared otherwise. */
    AUTO,

    /** On workers of the runtime's own. Needs {@code java.lang} to be open to Weft. */
    DEDICATED,

    /** On the JDK's scheduler of virtual threads, which the whole JVM shares. */
    SHARED;

    /** Returns the name as configuration and metrics spell it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
