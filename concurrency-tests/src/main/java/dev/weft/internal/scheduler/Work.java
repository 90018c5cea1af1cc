/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.scheduler;

import dev.weft.internal.concurrent.QueueNode;

/** Something to do. */
final class Work extends QueueNode {}
