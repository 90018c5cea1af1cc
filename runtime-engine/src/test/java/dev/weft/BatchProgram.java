/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import dev.weft.task.JoinHandle;
import dev.weft.task.TaskAction;
import dev.weft.task.TaskCancelledException;
import dev.weft.time.Time;
import java.time.Duration;

/** Programs that begin or end a JVM in a way of their own; {@link JvmExitTests} starts them as children. */
public final class BatchProgram {

    /** Long enough for a JVM that does not wait to be gone by then. */
    private static final Duration A_WHILE = Duration.ofMillis(200);

    private static final Duration FOREVER = Duration.ofDays(1);

    private BatchProgram() {}

    /** Runs the program of this name. */
    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "nothing-lives" -> nothingLives();
            case "never-used" -> build(KeepAlive.WHILE_TASKS_LIVE);
            case "a-task-sleeps" -> aTaskSleeps(KeepAlive.WHILE_TASKS_LIVE);
            case "one-leaves-another" -> oneLeavesAnother();
            case "never" -> aTaskSleeps(KeepAlive.NEVER);
            case "always" -> always();
            case "hook-spawns" -> hookSpawns();
            case "hook-spawns-after-close" -> hookSpawnsAfterClose();
            case "hook-leaves-a-task" -> hookLeavesATask();
            case "a-task-exits" -> aTaskExits();
            case "main-fails" -> mainFails();
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static void say(String what) {
        System.out.println(what);
        System.out.flush();
    }

    private static WeftRuntime build(KeepAlive keepAlive) {
        WeftRuntime weft = WeftRuntime.builder()
                .name("batch")
                .workerThreads(2)
                .keepAlive(keepAlive)
                .shutdownGracePeriod(Duration.ofMillis(50))
                .shutdownAbortPeriod(Duration.ofMillis(50))
                .build();
        say("mode " + weft.mode());
        return weft;
    }

    private static void nothingLives() throws InterruptedException {
        WeftRuntime weft = build(KeepAlive.WHILE_TASKS_LIVE);
        int sum = weft.blockOn(() -> {
            Time.sleep(Duration.ofMillis(1));
            return Task.spawn(() -> 20).join() + Task.spawnBlocking(() -> 22).join();
        });
        say("sum " + sum);
    }

    /** Runs the body once the calling thread, which is {@code main}, has ended. */
    private static TaskAction whenMainHasEnded(TaskAction body) {
        Thread main = Thread.currentThread();
        return () -> {
            main.join();
            body.run();
        };
    }

    private static void aTaskSleeps(KeepAlive keepAlive) {
        WeftRuntime weft = build(keepAlive);
        weft.spawn(whenMainHasEnded(() -> {
            Time.sleep(keepAlive == KeepAlive.NEVER ? FOREVER : A_WHILE);
            say("the task has ended");
        }));
        say("main ends");
    }

    /** A task, then its child, then the child's blocking job: only one of them lives at a time. */
    private static void oneLeavesAnother() {
        WeftRuntime weft = build(KeepAlive.WHILE_TASKS_LIVE);
        weft.spawn(whenMainHasEnded(() -> Task.spawn(() -> {
            Thread.sleep(A_WHILE);
            say("the child has ended");
            Task.spawnBlocking(() -> {
                Thread.sleep(A_WHILE);
                say("the job has ended");
            });
        })));
        say("main ends");
    }

    /** The runtime has nothing to do when main ends, and none of the threads that close it later keeps a JVM alive. */
    private static void always() {
        WeftRuntime weft = build(KeepAlive.ALWAYS);
        Thread main = Thread.currentThread();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                main.join();
                Thread.sleep(A_WHILE);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            say("still there");
            weft.spawn(() -> {
                Thread.ofPlatform().daemon().start(weft::close);
            });
        });
        say("main ends");
    }

    private static void hookSpawns() throws InterruptedException {
        WeftRuntime weft = build(KeepAlive.WHILE_TASKS_LIVE);
        weft.blockOn(() -> {});
        atExit(() -> {
            Time.sleep(Duration.ofMillis(1));
            say("value " + weft.spawn(() -> {
                Time.sleep(Duration.ofMillis(1));
                return 42;
            }).join());
            say("job " + weft.spawnBlocking(() -> 43).join());
            weft.close();
            say("closed " + weft.state());
        });
        say("main ends");
    }

    private static void hookSpawnsAfterClose() {
        WeftRuntime weft = build(KeepAlive.WHILE_TASKS_LIVE);
        atExit(() -> {
            JoinHandle<Integer> late = weft.spawn(() -> 42);
            try {
                say("value " + late.join());
            } catch (TaskCancelledException e) {
                say("cancelled: " + e.reason());
            }
        });
        weft.close();
        say("main ends");
    }

    /** Nobody waits for the task: a JVM that is on its way out waits for its hooks only. */
    private static void hookLeavesATask() {
        WeftRuntime weft = build(KeepAlive.WHILE_TASKS_LIVE);
        atExit(() -> {
            JoinHandle<?> left = weft.spawn(() -> Time.sleep(FOREVER));
            say("done " + left.isDone());
        });
        say("main ends");
    }

    /** The call that ends the JVM never returns, and the hook that closes the runtime finds the task that made it. */
    private static void aTaskExits() {
        WeftRuntime weft = build(KeepAlive.WHILE_TASKS_LIVE);
        atExit(() -> {
            ShutdownReport report = weft.shutdown();
            say("survivors " + report.survivors().size() + " " + report.survivors().getFirst().name());
        });
        weft.named("exits").spawn(whenMainHasEnded(() -> System.exit(3)));
        say("main ends");
    }

    private static void mainFails() {
        WeftRuntime weft = build(KeepAlive.WHILE_TASKS_LIVE);
        weft.spawn(whenMainHasEnded(() -> {
            Time.sleep(A_WHILE);
            say("the task has ended");
        }));
        throw new IllegalStateException("main fails");
    }

    private static void atExit(TaskAction hook) {
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            try {
                hook.run();
            } catch (Exception e) {
                e.printStackTrace();
            }
        }));
    }
}
