/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.atomic.AtomicInteger;

/** Ways to hold a worker without suspending, until released. */
public final class Stuck {

    @SuppressWarnings("restricted") // the suite runs with native access
    private static final MethodHandle USLEEP = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().find("usleep").orElseThrow(),
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    /** Where the copy of {@link Initialised} finds the one to be stuck in. */
    public static final ThreadLocal<Stuck> CURRENT = new ThreadLocal<>();

    private volatile boolean released;
    private final AtomicInteger entered = new AtomicInteger();

    public void release() {
        released = true;
    }

    public boolean isReleased() {
        return released;
    }

    /** How many threads are or were held. */
    public int entered() {
        return entered.get();
    }

    public void inNativeSleep() {
        entered.incrementAndGet();
        while (!released) {
            usleep(1_000);
        }
    }

    public void inCpuLoop() {
        entered.incrementAndGet();
        while (!released) {
            Thread.onSpinWait();
        }
    }

    /** In the initialiser of a class that is defined for this call. */
    public void inClassInitialiser() {
        try {
            CURRENT.set(this);
            Class.forName(Initialised.class.getName(), true, new FreshCopy());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    private static void usleep(int micros) {
        try {
            int ignored = (int) USLEEP.invokeExact(micros);
            assert ignored <= 0;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Copied by {@link FreshCopy}; the copy's initialiser is where the thread hangs. */
    public static final class Initialised {
        static {
            CURRENT.get().inNativeSleep();
        }

        private Initialised() {}
    }

    private static final class FreshCopy extends ClassLoader {
        FreshCopy() {
            super(Stuck.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.equals(Initialised.class.getName())) {
                return super.loadClass(name, resolve);
            }
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
