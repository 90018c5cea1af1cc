/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.jdk;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The only class that reaches into the JDK's private parts: virtual threads on a scheduler of ours.
 *
 * <p>When {@code java.lang} is not open to us, {@link #unavailableBecause()} says so and no other method may be called.
 * {@link SelfTest} proves on this very JVM that the parts behave as the engine needs them.
 */
public final class VirtualThreads {

    /*
     * What is used, all of it proven on JDK 25 and re-proven at start-up:
     *
     *   ThreadBuilders$VirtualThreadBuilder(Executor)   sets the scheduler
     *   Thread.currentCarrierThread()                   which worker runs the calling virtual thread
     *   <hidden lambda>.arg$1                           from the continuation handed to execute() to its thread
     *   Thread.uncaughtExceptionHandler (field)         from the thread to our runner, without a map
     *   Thread.threadLocals, inheritableThreadLocals,   what one task must not leave to the next
     *     contextClassLoader, name, headStackableScopes,
     *     scopedValueBindings,
     *     VirtualThread.parkPermit
     *   VirtualThread.DEFAULT_SCHEDULER                 where late continuations of a closed runtime go
     *
     * The handles are static finals so that the JIT folds them. If one of them cannot be had, none is used.
     */

    private static final @Nullable String UNAVAILABLE;

    private static final MethodHandle CURRENT_CARRIER;
    private static final MethodHandle NEW_BUILDER;
    private static final VarHandle HANDLER;
    private static final VarHandle THREAD_LOCALS;
    private static final VarHandle INHERITABLE_THREAD_LOCALS;
    private static final VarHandle CONTEXT_CLASS_LOADER;
    private static final VarHandle NAME;
    private static final VarHandle STACKABLE_SCOPES;
    private static final VarHandle SCOPED_VALUES;
    private static final VarHandle PARK_PERMIT;
    private static final ForkJoinPool DEFAULT_SCHEDULER;

    static {
        MethodHandle carrier = null;
        MethodHandle builder = null;
        VarHandle handler = null;
        VarHandle locals = null;
        VarHandle inheritables = null;
        VarHandle loader = null;
        VarHandle name = null;
        VarHandle scopes = null;
        VarHandle values = null;
        VarHandle permit = null;
        ForkJoinPool defaultScheduler = null;
        String unavailable = null;
        try {
            MethodHandles.Lookup own = MethodHandles.lookup();
            MethodHandles.Lookup thread = MethodHandles.privateLookupIn(Thread.class, own);
            Class<?> virtual = thread.findClass("java.lang.VirtualThread");
            Class<?> builderClass = thread.findClass("java.lang.ThreadBuilders$VirtualThreadBuilder");
            carrier = thread.findStatic(Thread.class, "currentCarrierThread", MethodType.methodType(Thread.class));
            builder = MethodHandles.privateLookupIn(builderClass, own)
                    .findConstructor(builderClass, MethodType.methodType(void.class, Executor.class))
                    .asType(MethodType.methodType(Thread.Builder.OfVirtual.class, Executor.class));
            handler = thread.findVarHandle(
                    Thread.class, "uncaughtExceptionHandler", Thread.UncaughtExceptionHandler.class);
            Class<?> map = thread.findClass("java.lang.ThreadLocal$ThreadLocalMap");
            locals = thread.findVarHandle(Thread.class, "threadLocals", map);
            inheritables = thread.findVarHandle(Thread.class, "inheritableThreadLocals", map);
            loader = thread.findVarHandle(Thread.class, "contextClassLoader", ClassLoader.class);
            name = thread.findVarHandle(Thread.class, "name", String.class);
            Class<?> scope = Class.forName("jdk.internal.vm.StackableScope", false, null);
            scopes = thread.findVarHandle(Thread.class, "headStackableScopes", scope);
            values = thread.findVarHandle(Thread.class, "scopedValueBindings", Object.class);
            permit = MethodHandles.privateLookupIn(virtual, own).findVarHandle(virtual, "parkPermit", boolean.class);
            defaultScheduler = (ForkJoinPool) MethodHandles.privateLookupIn(virtual, own)
                    .findStaticVarHandle(virtual, "DEFAULT_SCHEDULER", ForkJoinPool.class)
                    .get();
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            unavailable = isOpen()
                    ? "this JDK's virtual threads are built differently: " + e
                    : "java.lang is not open to Weft";
        }
        UNAVAILABLE = unavailable;
        CURRENT_CARRIER = orDead(carrier);
        NEW_BUILDER = orDead(builder);
        HANDLER = orDead(handler);
        THREAD_LOCALS = orDead(locals);
        INHERITABLE_THREAD_LOCALS = orDead(inheritables);
        CONTEXT_CLASS_LOADER = orDead(loader);
        NAME = orDead(name);
        STACKABLE_SCOPES = orDead(scopes);
        SCOPED_VALUES = orDead(values);
        PARK_PERMIT = orDead(permit);
        DEFAULT_SCHEDULER = defaultScheduler == null ? ForkJoinPool.commonPool() : defaultScheduler;
    }

    /** The parts of a continuation's hidden class; a holder, since a first continuation is needed to find the class. */
    private static final class ContinuationField {
        static final VarHandle THREAD = find();

        private static VarHandle find() {
            Runnable[] seen = new Runnable[1];
            Thread probe = newBuilder(task -> seen[0] = task).unstarted(() -> {});
            probe.start();
            Class<?> hidden = seen[0].getClass();
            try {
                Class<?> virtual = probe.getClass();
                VarHandle field = MethodHandles.privateLookupIn(hidden, MethodHandles.lookup())
                        .findVarHandle(hidden, "arg$1", virtual);
                // The probe has to end, or the JDK lists it for ever. It runs on a thread that is nobody's carrier.
                Thread.ofPlatform().daemon().name("weft-probe").start(seen[0]);
                return field;
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("the continuation of a virtual thread does not name its thread", e);
            }
        }
    }

    private VirtualThreads() {}

    private static MethodHandle orDead(@Nullable MethodHandle handle) {
        return handle == null ? MethodHandles.empty(MethodType.methodType(void.class)) : handle;
    }

    private static VarHandle orDead(@Nullable VarHandle handle) {
        return handle == null ? MethodHandles.arrayElementVarHandle(Object[].class) : handle;
    }

    /** Returns why a scheduler of our own is not possible in this JVM, or null when it is. */
    public static @Nullable String unavailableBecause() {
        return UNAVAILABLE;
    }

    /** Returns whether {@code java.lang} is open to us. */
    public static boolean isOpen() {
        return Thread.class.getModule().isOpen("java.lang", VirtualThreads.class.getModule());
    }

    /** Returns the platform thread under the caller: its carrier, or the caller itself. */
    public static Thread currentCarrier() {
        try {
            return (Thread) CURRENT_CARRIER.invokeExact();
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Returns a builder of virtual threads that {@code scheduler} runs. */
    public static Thread.Builder.OfVirtual newBuilder(Executor scheduler) {
        try {
            return (Thread.Builder.OfVirtual) NEW_BUILDER.invokeExact(scheduler);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Returns the virtual thread that a continuation, as given to a scheduler's {@code execute}, belongs to. */
    public static Thread threadOf(Runnable continuation) {
        return (Thread) ContinuationField.THREAD.get(continuation);
    }

    /** Makes the class that {@link #threadOf} needs, so that no worker ever initialises it. */
    static void warmUp() {
        VarHandle ignored = ContinuationField.THREAD;
        assert ignored != null;
    }

    /** Returns the JDK's own scheduler of virtual threads. */
    public static ForkJoinPool defaultScheduler() {
        return DEFAULT_SCHEDULER;
    }

    /** Returns the handler slot as it stands; unlike {@code getUncaughtExceptionHandler()} never a default. */
    public static @Nullable Object handlerOf(Thread thread) {
        return HANDLER.getOpaque(thread);
    }

    /** Puts the handler back if user code replaced it. Calling thread only. */
    public static void restoreHandler(Thread current, Thread.UncaughtExceptionHandler handler) {
        if (HANDLER.get(current) != handler) {
            HANDLER.setVolatile(current, handler);
        }
    }

    /** Takes away everything of thread-local kind that a task left. Calling thread only. */
    public static void dropThreadLocals(Thread current) {
        if (THREAD_LOCALS.get(current) != null) {
            THREAD_LOCALS.set(current, null);
        }
        if (INHERITABLE_THREAD_LOCALS.get(current) != null) {
            INHERITABLE_THREAD_LOCALS.set(current, null);
        }
    }

    /** Thread-local maps set aside while another task borrows the thread. */
    public record SavedLocals(@Nullable Object locals, @Nullable Object inheritables) {}

    /** Sets the caller's thread-locals aside. */
    public static SavedLocals saveThreadLocals(Thread current) {
        var saved = new SavedLocals(THREAD_LOCALS.get(current), INHERITABLE_THREAD_LOCALS.get(current));
        THREAD_LOCALS.set(current, null);
        INHERITABLE_THREAD_LOCALS.set(current, null);
        return saved;
    }

    /** Brings thread-locals back that were set aside. */
    public static void restoreThreadLocals(Thread current, SavedLocals saved) {
        THREAD_LOCALS.set(current, saved.locals);
        INHERITABLE_THREAD_LOCALS.set(current, saved.inheritables);
    }

    /** Sets the context class loader unless it is the wanted one already. Calling thread only. */
    public static void setContextLoader(Thread current, @Nullable ClassLoader loader) {
        if (CONTEXT_CLASS_LOADER.get(current) != loader) {
            CONTEXT_CLASS_LOADER.set(current, loader);
        }
    }

    /** Sets the name without the lock that {@code setName} takes. Calling thread only. */
    public static void setName(Thread current, String name) {
        if (NAME.get(current) != name) {
            NAME.setVolatile(current, name);
        }
    }

    /** Returns whether a structured scope was opened on the thread and not closed. */
    public static boolean hasOpenScope(Thread current) {
        return STACKABLE_SCOPES.get(current) != null;
    }

    /** Returns the calling thread's scoped-value bindings, to be compared by identity. */
    public static @Nullable Object scopedValues(Thread current) {
        return SCOPED_VALUES.get(current);
    }

    /** Eats a park permit that the last task left, which would end the next task's first park at once. */
    public static void eatParkPermit(Thread current) {
        if ((boolean) PARK_PERMIT.getOpaque(current)) {
            LockSupport.park();
        }
    }

    /** Returns whether a park of the calling virtual thread would return at once. */
    public static boolean hasParkPermit(Thread current) {
        return (boolean) PARK_PERMIT.getOpaque(current);
    }
}
