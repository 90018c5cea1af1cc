/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.driver;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class InvocationTests {

    @Test
    void unknownGroupIsNamedTogetherWithTheKnownOnes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Invocation.parse(new String[] {"speed"}))
                .withMessage("There is no benchmark group 'speed'; groups: scheduler, rescue.");
    }

    @Test
    void unknownOptionIsNamedTogetherWithTheUsage() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Invocation.parse(new String[] {"scheduler", "--fast"}))
                .withMessageStartingWith("Unknown option --fast. Usage: run GROUP");
    }

    @Test
    void nothingAtAllGivesTheUsage() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Invocation.parse(new String[0]))
                .withMessageStartingWith("Usage: run GROUP");
    }

    @Test
    void halfAPairIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Invocation.parse(new String[] {"scheduler", "--tokio=tokio-1.24"}))
                .withMessageStartingWith("'tokio-1.24' must have the form NAME=VALUE.");
    }
}
