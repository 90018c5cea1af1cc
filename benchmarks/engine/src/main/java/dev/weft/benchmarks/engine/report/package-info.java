/* SPDX-License-Identifier: Apache-2.0 */
/** Results as JSON for programs, as Markdown for readers and the terminal, and as a chart. */
@NullMarked
package dev.weft.benchmarks.engine.report;

import org.jspecify.annotations.NullMarked;
