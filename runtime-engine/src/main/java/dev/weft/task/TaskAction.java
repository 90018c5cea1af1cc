/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.task;

/**
 * A task body that returns nothing and may throw anything.
 *
 * <p>Lambdas and unambiguous method references fit as they are; a variable of type {@link Runnable} is passed as
 * {@code r::run}.
 */
@FunctionalInterface
public interface TaskAction {

    /** Runs the body. */
    void run() throws Exception;
}
