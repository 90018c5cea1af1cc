/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Auto-configuration of endpoints, health and meters, each present only when the application has its Boot module.
 *
 * <p>Imports the sibling packages, which never import this one.
 *
 * <p>Design: docs/configuration.md.
 */
@NullMarked
package dev.weft.spring.boot.actuate.autoconfigure;

import org.jspecify.annotations.NullMarked;
