/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A worker took work from another. Off by default. */
@Name("dev.weft.Steal")
@Label("Steal")
@Category("Weft")
@Description("A worker took work from another worker's queue")
@StackTrace(false)
@Enabled(false)
public final class StealEvent extends Event {

    @Label("Thief")
    final int thief;

    @Label("Victim")
    final int victim;

    @Label("Entries")
    final int entries;

    private StealEvent(int thief, int victim, int entries) {
        this.thief = thief;
        this.victim = victim;
        this.entries = entries;
    }

    /** Records one, if anybody listens. */
    public static void emit(int thief, int victim, int entries) {
        new StealEvent(thief, victim, entries).commit();
    }
}
