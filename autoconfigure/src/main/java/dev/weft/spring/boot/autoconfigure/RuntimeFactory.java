/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.autoconfigure;

import dev.weft.ShutdownReport;
import dev.weft.WeftRuntime;
import dev.weft.metrics.TaskInfo;
import dev.weft.spring.WeftRuntimes;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanClassLoaderAware;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * Builds runtimes from properties, and closes them.
 *
 * <p>Runtimes depend on this bean, so Spring destroys it after them, and them after whatever was injected with them:
 * nothing finds its runtime closed too early.
 */
final class RuntimeFactory implements BeanClassLoaderAware, DisposableBean {

    static final String BEAN_NAME = "weftRuntimeFactory";

    private static final Log logger = LogFactory.getLog(RuntimeFactory.class);

    private final WeftProperties properties;
    private final List<WeftRuntimeCustomizer> customizers;
    private final Queue<WeftRuntime> built = new ConcurrentLinkedQueue<>();
    private @Nullable ClassLoader classLoader;

    RuntimeFactory(WeftProperties properties, List<WeftRuntimeCustomizer> customizers) {
        this.properties = properties;
        this.customizers = customizers;
    }

    @Override
    public void setBeanClassLoader(ClassLoader classLoader) {
        this.classLoader = classLoader;
    }

    WeftRuntime main() {
        return build(WeftRuntimes.MAIN, "weft.runtime", properties.runtime());
    }

    WeftRuntime named(String name) {
        WeftProperties.Runtime runtime = Objects.requireNonNull(properties.runtimes().get(name));
        return build(name, "weft.runtimes." + name, runtime);
    }

    private WeftRuntime build(String name, String prefix, WeftProperties.Runtime runtime) {
        WeftRuntime.Builder builder = WeftRuntime.builder().name(name);
        if (classLoader != null) {
            builder.contextClassLoader(classLoader);
        }
        try {
            RuntimeProperty.applyAll(runtime, builder);
            customizers.forEach(customizer -> customizer.customize(name, builder));
            WeftRuntime result = builder.build();
            built.add(result);
            return result;
        } catch (IllegalArgumentException complaint) {
            throw explained(name, prefix, runtime, complaint);
        }
    }

    private static RuntimeException explained(
            String name, String prefix, WeftProperties.Runtime runtime, IllegalArgumentException complaint) {
        if (String.valueOf(complaint.getMessage()).startsWith("name is '" + name + "'")) {
            return new InvalidConfigurationPropertyValueException(prefix, name, complaint.getMessage());
        }
        return RuntimeProperty.rejected(runtime, complaint)
                .<RuntimeException>map(property -> new InvalidConfigurationPropertyValueException(
                        prefix + "." + property.key(), property.text(runtime), reason(complaint)))
                .orElse(complaint);
    }

    private static String reason(IllegalArgumentException complaint) {
        return complaint.getMessage() + "%n%nChoose a value in that range, or remove the property to get the default."
                .formatted();
    }

    @Override
    public void destroy() {
        built.forEach(RuntimeFactory::close);
    }

    private static void close(WeftRuntime runtime) {
        try {
            shutdown(runtime);
        } catch (IllegalStateException insideOfTask) {
            // A task that closes its own context must not wait for itself; nobody else does after this.
            Thread.ofPlatform().daemon().name("weft-close-" + runtime.name()).start(() -> shutdown(runtime));
        }
    }

    private static void shutdown(WeftRuntime runtime) {
        ShutdownReport report = runtime.shutdown(Duration.ZERO, abortPeriod(runtime));
        if (report.isClean()) {
            logger.info(report);
        } else {
            logger.warn(report);
        }
    }

    /** The grace period was spent when the context stopped; so was the abort period of tasks that outlived it. */
    private static Duration abortPeriod(WeftRuntime runtime) {
        boolean allWereAborted = runtime.tasks(false, Integer.MAX_VALUE).stream().allMatch(TaskInfo::abortRequested);
        return allWereAborted ? Duration.ZERO : runtime.config().shutdownAbortPeriod();
    }
}
