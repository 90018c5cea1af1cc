/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.driver;

import java.io.Serial;

/** A peer did not run a shape; the message says why, in words for the results. */
final class PeerFailure extends Exception {

    @Serial
    private static final long serialVersionUID = 1;

    PeerFailure(String message) {
        super(message);
    }
}
