/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When a JVM with a runtime in it ends, which only another JVM can show. */
@Timeout(120)
class JvmExitTests {

    /** Runs the program; what it must say first is its mode. */
    private static ChildJvm.Ended run(String program) throws Exception {
        ChildJvm.Ended ended = ChildJvm.run(BatchProgram.class, program);
        assertThat(ended.out()).as("%s", ended).startsWith("mode " + Runtimes.MODE);
        return ended;
    }

    private static void assertEnds(ChildJvm.Ended ended, int exitCode, String... says) {
        List<String> expected = new ArrayList<>(List.of("mode " + Runtimes.MODE));
        expected.addAll(List.of(says));
        assertThat(ended.out()).as("%s", ended).isEqualTo(expected);
        assertThat(ended.exitCode()).as("%s", ended).isEqualTo(exitCode);
    }

    @Test
    void aProgramWhoseTasksHaveEndedExitsWithoutClosingItsRuntime() throws Exception {
        assertEnds(run("nothing-lives"), 0, "sum 42");
    }

    @Test
    void soDoesOneThatNeverUsedIt() throws Exception {
        assertEnds(run("never-used"), 0);
    }

    @Test
    void aTaskThatSleepsIsWaitedFor() throws Exception {
        assertEnds(run("a-task-sleeps"), 0, "main ends", "the task has ended");
    }

    @Test
    void soIsTheChildOfATaskThatHasEndedAndTheBlockingJobOfThatChild() throws Exception {
        assertEnds(run("one-leaves-another"), 0, "main ends", "the child has ended", "the job has ended");
    }

    @Test
    void aRuntimeThatShallNeverKeepTheJvmAliveLetsItGoInTheMiddleOfATask() throws Exception {
        assertEnds(run("never"), 0, "main ends");
    }

    @Test
    void aRuntimeThatShallAlwaysKeepTheJvmAliveDoesSoUntilATaskHasItClosed() throws Exception {
        assertEnds(run("always"), 0, "main ends", "still there");
    }

    @Test
    void aTaskSpawnedFromAShutdownHookRuns() throws Exception {
        assertEnds(run("hook-spawns"), 0, "main ends", "value 42", "job 43", "closed closed");
    }

    @Test
    void aTaskSpawnedFromAShutdownHookAfterTheCloseIsCancelled() throws Exception {
        assertEnds(
                run("hook-spawns-after-close"), 0, "main ends", "cancelled: runtime 'batch' is shutting down");
    }

    @Test
    void aTaskThatAShutdownHookLeavesBehindDoesNotKeepTheJvmAlive() throws Exception {
        assertEnds(run("hook-leaves-a-task"), 0, "main ends", "done false");
    }

    @Test
    void aTaskThatExitsTheJvmIsWaitedForNoLongerThanThePeriodsSay() throws Exception {
        assertEnds(run("a-task-exits"), 3, "main ends", "survivors 1 exits");
    }

    @Test
    void anExceptionOfMainEndsTheJvmOnceNothingLives() throws Exception {
        ChildJvm.Ended ended = run("main-fails");
        assertEnds(ended, 1, "the task has ended");
        assertThat(ended.err()).anyMatch(line -> line.contains("IllegalStateException: main fails"));
    }
}
