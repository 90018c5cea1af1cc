/* SPDX-License-Identifier: Apache-2.0 */
/** The Weft runtime: tasks on virtual threads, scheduled by workers of its own. */
module dev.weft {
    requires jdk.jfr;
    requires static transitive org.jspecify;

    exports dev.weft;
    exports dev.weft.channel;
    exports dev.weft.clock;
    exports dev.weft.metrics;
    exports dev.weft.scope;
    exports dev.weft.task;
    exports dev.weft.time;
}
