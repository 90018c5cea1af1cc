/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.autoconfigure;

import dev.weft.WeftRuntime;
import dev.weft.spring.TaskSpawner;
import dev.weft.spring.WeftRuntimes;
import java.util.Map;
import java.util.Set;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.RuntimeBeanReference;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Registers a runtime and a spawner for each entry of {@code weft.runtimes}: beans {@code <name>WeftRuntime} and
 * {@code <name>TaskSpawner}, both found by the qualifier {@code <name>} only.
 */
final class NamedRuntimesRegistrar implements ImportBeanDefinitionRegistrar {

    private static final String PREFIX = "weft.runtimes";

    private final Environment environment;

    NamedRuntimesRegistrar(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void registerBeanDefinitions(AnnotationMetadata importingClass, BeanDefinitionRegistry registry) {
        for (String name : names()) {
            String runtime = name + WeftRuntime.class.getSimpleName();
            register(registry, name, runtime, runtime(name));
            register(registry, name, name + TaskSpawner.class.getSimpleName(), spawner(runtime));
        }
    }

    private Set<String> names() {
        Set<String> names = Binder.get(environment)
                .bind(PREFIX, Bindable.mapOf(String.class, WeftProperties.Runtime.class))
                .orElseGet(Map::of)
                .keySet();
        if (names.contains(WeftRuntimes.MAIN)) {
            throw new InvalidConfigurationPropertyValueException(
                    PREFIX + "." + WeftRuntimes.MAIN,
                    WeftRuntimes.MAIN,
                    "The name 'main' is reserved for the application's own runtime. Configure that one with"
                            + " weft.runtime.*, or choose another name for this one.");
        }
        return names;
    }

    private static RootBeanDefinition runtime(String name) {
        RootBeanDefinition definition = new RootBeanDefinition(WeftRuntime.class);
        definition.setFactoryBeanName(RuntimeFactory.BEAN_NAME);
        definition.setFactoryMethodName("named");
        definition.getConstructorArgumentValues().addIndexedArgumentValue(0, name);
        definition.setDestroyMethodName("");
        return definition;
    }

    private static RootBeanDefinition spawner(String runtime) {
        RootBeanDefinition definition = new RootBeanDefinition(TaskSpawner.class);
        definition.setFactoryMethodName("of");
        definition.getConstructorArgumentValues().addIndexedArgumentValue(0, new RuntimeBeanReference(runtime));
        return definition;
    }

    private static void register(
            BeanDefinitionRegistry registry, String qualifier, String beanName, RootBeanDefinition definition) {
        if (!isPresent(registry, beanName)) {
            definition.setDefaultCandidate(false);
            definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, qualifier));
            registry.registerBeanDefinition(beanName, definition);
        }
    }

    /** Here or in a parent context, which then has the runtime of that name. */
    private static boolean isPresent(BeanDefinitionRegistry registry, String beanName) {
        return registry instanceof BeanFactory beans
                ? beans.containsBean(beanName)
                : registry.containsBeanDefinition(beanName);
    }
}
