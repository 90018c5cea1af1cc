/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

/**
 * Where the JDK's own socket pollers run, for the whole JVM, decided once. Whoever has them gets two to three times
 * less latency from {@code java.net} sockets on virtual threads; the other side pays.
 */
public enum SocketPollers {

    /** On the JDK's scheduler. They are started when the first dedicated runtime is. */
    JDK,

    /**
     * Where the first blocking socket operation happens, which is in a task if nothing else is faster. They then stay on
     * this runtime's scheduler and keep its classes loaded for the life of the JVM.
     */
    WEFT
}
