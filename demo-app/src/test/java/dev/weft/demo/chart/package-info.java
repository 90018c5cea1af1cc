/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Holds {@code helm/weft-demo} to its promises, without a cluster: Helm itself lints and renders it, and two clients
 * that know the types of the Kubernetes API parse the result strictly.
 */
@NullMarked
package dev.weft.demo.chart;

import org.jspecify.annotations.NullMarked;
