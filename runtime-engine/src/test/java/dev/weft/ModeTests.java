/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.metrics.RuntimeMetrics;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class ModeTests {

    private static final String FLAG = "--add-opens java.base/java.lang=ALL-UNNAMED";

    @RegisterExtension
    final Runtimes runtimes = new Runtimes();

    /** The build runs the suite once in each mode; this is what fails when one of the runs lost its flags. */
    @Test
    void thisRunIsInTheModeThatItsBuildAskedFor() {
        assertThat(System.getProperty("weft.test.mode")).isIn("dedicated", "shared");
        try (WeftRuntime runtime = WeftRuntime.create()) {
            assertThat(runtime.mode()).hasToString(System.getProperty("weft.test.mode"));
            assertThat(runtime.metrics().mode()).isEqualTo(System.getProperty("weft.test.mode"));
            assertThat(runtime.modeReason()).isNotBlank();
        }
    }

    @Test
    void sharedModeCanBeAskedForInAnyJvm() {
        WeftRuntime runtime = runtimes.start(builder -> builder.mode(Mode.SHARED));
        assertThat(runtime.mode()).isEqualTo(Mode.SHARED);
        assertThat(runtime.modeReason()).isEqualTo("as configured");
        assertThat(runtime.dedicatedRecipe()).isEmpty();
    }

    @Test
    @Tag("dedicated-only")
    void dedicatedModeNeedsNoRemedyWhereItIs() {
        WeftRuntime runtime = runtimes.start(builder -> builder.mode(Mode.DEDICATED));
        assertThat(runtime.mode()).isEqualTo(Mode.DEDICATED);
        assertThat(runtime.dedicatedRecipe()).isEmpty();
    }

    @Test
    @Tag("shared-only")
    void dedicatedModeFailsNamingTheFlagWhereItIsNotAllowed() {
        assertThatThrownBy(() -> WeftRuntime.builder().mode(Mode.DEDICATED).build())
                .isInstanceOfSatisfying(DedicatedModeUnavailableException.class, e -> {
                    assertThat(e.reason()).contains("java.lang is not open");
                    assertThat(e.recipe()).hasValueSatisfying(recipe -> assertThat(recipe).contains(FLAG));
                    assertThat(e).hasMessageContaining(e.reason()).hasMessageContaining(e.recipe().orElseThrow());
                });
    }

    @Test
    @Tag("shared-only")
    void autoFallsBackToSharedAndNamesTheFlag() {
        WeftRuntime runtime = runtimes.start();
        assertThat(runtime.modeReason()).contains("java.lang is not open");
        assertThat(runtime.dedicatedRecipe()).hasValueSatisfying(recipe -> assertThat(recipe).contains(FLAG));
    }

    @Test
    void whereTheSelfTestFailedTheFlagIsNoRemedy() {
        ModeChoice choice = ModeChoice.decide(Mode.AUTO, "this check failed", true);
        assertThat(choice.mode()).isEqualTo(Mode.SHARED);
        assertThat(choice.reason())
                .contains("this check failed")
                .contains("open to Weft already, so adding the flag does not help")
                .doesNotContain("--add-opens");
        assertThat(choice.recipe()).isEmpty();
        assertThat(choice.logLevel(Mode.AUTO)).isEqualTo(System.Logger.Level.WARNING);
        assertThatThrownBy(() -> ModeChoice.decide(Mode.DEDICATED, "this check failed", true))
                .isInstanceOfSatisfying(DedicatedModeUnavailableException.class, e -> {
                    assertThat(e.reason()).isEqualTo(choice.reason().substring("since ".length()));
                    assertThat(e.recipe()).isEmpty();
                    assertThat(e).hasMessageContaining(e.reason()).hasMessageNotContaining("Remedy");
                });
    }

    @Test
    void whereThePackageIsNotOpenTheFlagIsTheRemedy() {
        ModeChoice choice = ModeChoice.decide(Mode.AUTO, "it is not open", false);
        assertThat(choice.reason()).isEqualTo("since it is not open");
        assertThat(choice.recipe()).hasValueSatisfying(recipe -> assertThat(recipe).contains("add-opens"));
        assertThat(choice.logLevel(Mode.AUTO)).isEqualTo(System.Logger.Level.INFO);
    }

    @Test
    @Tag("shared-only")
    void resizingWorkersFailsNamingTheFlagInSharedMode() {
        WeftRuntime runtime = runtimes.start();
        assertThatThrownBy(() -> runtime.resizeWorkers(2))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining(FLAG);
    }

    @Test
    void resizingWorkersNamesTheConfiguredModeWhenThatIsTheReason() {
        WeftRuntime runtime = runtimes.start(builder -> builder.mode(Mode.SHARED));
        assertThatThrownBy(() -> runtime.resizeWorkers(2))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("mode")
                .hasMessageNotContaining("To get it: .")
                .hasMessageMatching("(?s).*\\S$");
    }

    @Test
    void workerMetricsAreThereInDedicatedModeOnly() {
        WeftRuntime runtime = runtimes.start(builder -> builder.workerThreads(3));
        RuntimeMetrics metrics = runtime.metrics();
        assertThat(metrics.workers()).hasSize(Runtimes.dedicated() ? 3 : 0);
        assertThat(runtime.stalls()).isEmpty();
    }

    @Test
    void aRuntimeDescribesItself() {
        WeftRuntime runtime = runtimes.start(builder -> builder.name("a.b-c_1"));
        assertThat(runtime.name()).isEqualTo("a.b-c_1");
        assertThat(runtime).hasToString("WeftRuntime[a.b-c_1, " + Runtimes.MODE + ", running]");
        assertThat(runtime.config().name()).isEqualTo("a.b-c_1");
        assertThat(runtime.metrics().name()).isEqualTo("a.b-c_1");
    }
}
