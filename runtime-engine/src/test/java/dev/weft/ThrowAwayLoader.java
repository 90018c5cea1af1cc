/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

/** A class loader that has copies of some of its parent's classes, as that of a web application or a plug-in has. */
public final class ThrowAwayLoader extends ClassLoader {

    private final Predicate<String> copied;

    private ThrowAwayLoader(Predicate<String> copied) {
        super("throw-away", ThrowAwayLoader.class.getClassLoader());
        this.copied = copied;
    }

    /** One with a copy of the application, which uses the engine of everybody. */
    public static ThrowAwayLoader ofApplication() {
        String application = ThrowAwayApplication.class.getName();
        return new ThrowAwayLoader(name -> name.equals(application) || name.startsWith(application + "$"));
    }

    /** One with a copy of the application and an engine of its own. */
    public static ThrowAwayLoader ofApplicationAndEngine() {
        return new ThrowAwayLoader(name -> name.startsWith("dev.weft."));
    }

    /**
     * Runs the application to its end, expects the mode, and lets go of everything but a weak reference.
     *
     * @param meanwhile is run in the middle of it
     */
    public static WeakReference<ClassLoader> runIn(ThrowAwayLoader loader, String mode, Runnable meanwhile)
            throws Exception {
        Class<?> application = loader.loadClass(ThrowAwayApplication.class.getName());
        if (application.getClassLoader() != loader) {
            throw new IllegalStateException("not a copy");
        }
        Object ran = ((Callable<?>) application.getConstructor(Runnable.class).newInstance(meanwhile)).call();
        if (!mode.equals(ran)) {
            throw new IllegalStateException("ran in mode " + ran + ", not " + mode);
        }
        return new WeakReference<>(loader);
    }

    /** Collects garbage and looks whether the loader was among it. */
    public static boolean isCollected(WeakReference<ClassLoader> loader) {
        displaceExceptions();
        System.gc();
        return loader.refersTo(null);
    }

    /**
     * HotSpot's threads remember the exception they have thrown last, and so its class, until the next one. The carriers
     * of the JDK, which threw the application's in shared mode, throw others here.
     */
    private static void displaceExceptions() {
        for (int i = 0; i < 4 * Runtime.getRuntime().availableProcessors(); i++) {
            Thread.ofVirtual().start(() -> {
                try {
                    Integer.parseInt("no number");
                } catch (NumberFormatException e) {
                    Thread.yield();
                }
            });
        }
    }

    /** As the first in its JVM: what the JDK sets up once, it sets up here. Does not end if something keeps the engine. */
    public static void main(String[] args) throws Exception {
        WeakReference<ClassLoader> loader = runIn(ofApplicationAndEngine(), args[0], () -> {});
        while (!isCollected(loader)) {
            Thread.sleep(20);
        }
        System.out.println("collected");
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!copied.test(name)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = in.readAllBytes();
            return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
