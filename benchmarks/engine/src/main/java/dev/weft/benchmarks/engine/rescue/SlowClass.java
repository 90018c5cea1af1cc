/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.rescue;

import dev.weft.benchmarks.engine.rescue.RescuePeer.Body;
import java.io.IOException;
import java.io.InputStream;

/**
 * A class whose initialiser does what its user asks for. A class is initialised once, so each user gets a copy.
 *
 * <p>Public for the copies, which are in another package at run time, as another loader defines them.
 */
public final class SlowClass {

    private static final ThreadLocal<Body> WORK = new ThreadLocal<>();

    private SlowClass() {}

    /** Returns a class that is loaded, and not initialised. */
    static Class<?> load() {
        try {
            return Class.forName(Copy.class.getName(), false, new CopyLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs the work in the initialiser of a class that {@link #load} returned. */
    static void initialise(Class<?> copy, Body work) throws Exception {
        WORK.set(work);
        Class.forName(copy.getName(), true, copy.getClassLoader());
    }

    /** For the copies only. */
    public static void work() {
        try {
            WORK.get().run();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** What is copied. */
    static final class Copy {
        static {
            work();
        }

        private Copy() {}
    }

    private static final class CopyLoader extends ClassLoader {

        CopyLoader() {
            super(SlowClass.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.equals(Copy.class.getName())) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
