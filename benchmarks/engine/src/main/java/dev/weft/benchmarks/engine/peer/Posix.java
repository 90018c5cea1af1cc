/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.peer;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Calls of the C library that Java has no equal of. Thread-safe.
 *
 * <p>The JDK's own process clock counts in steps of 10 ms, which is as long as a whole measurement. And
 * {@link Thread#yield()} gives up the carrier when it is called from a virtual thread, where a stalling task must keep
 * it and offer only the core. {@link Thread#sleep(long)} likewise.
 */
public final class Posix {

    private static final int PROCESS_CPU_CLOCK = 2;
    private static final long SECONDS_OFFSET = 0;
    private static final long NANOS_OFFSET = 8;
    private static final long TIMESPEC_BYTES = 16;

    private static final MethodHandle CLOCK_GETTIME = function(
            "clock_gettime",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    private static final MethodHandle SCHED_YIELD = function("sched_yield",
            FunctionDescriptor.of(ValueLayout.JAVA_INT));
    private static final MethodHandle USLEEP = function(
            "usleep", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private Posix() {}

    /** CPU time of all threads that this process has had, compilers and collectors included. */
    public static long processCpuNanos() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment time = arena.allocate(TIMESPEC_BYTES, Long.BYTES);
            int failed = (int) CLOCK_GETTIME.invokeExact(PROCESS_CPU_CLOCK, time);
            if (failed != 0) {
                throw new IllegalStateException("the kernel has no process CPU clock");
            }
            return time.get(ValueLayout.JAVA_LONG, SECONDS_OFFSET) * 1_000_000_000L
                    + time.get(ValueLayout.JAVA_LONG, NANOS_OFFSET);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Lets another thread of the system have this core, without leaving the carrier. */
    public static void yieldCore() {
        try {
            int ignored = (int) SCHED_YIELD.invokeExact();
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Sleeps in native code, without leaving the carrier. */
    public static void sleep(int micros) {
        try {
            int ignored = (int) USLEEP.invokeExact(micros);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, FunctionDescriptor type) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
    }

    private static RuntimeException unexpected(Throwable e) {
        return e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e);
    }
}
