/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.channel;

/** Nothing will come any more: the sending side is closed and everything that was sent has been received. */
public final class ChannelClosedException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    ChannelClosedException(String message) {
        super(message);
    }
}
