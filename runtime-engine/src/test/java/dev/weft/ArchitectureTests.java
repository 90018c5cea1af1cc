/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaModifier.PUBLIC;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The floors of docs/architecture.md: each package, and what of Weft it may import. */
class ArchitectureTests {

    private static final Map<String, List<String>> MAY_IMPORT = Map.ofEntries(
            // floor 0
            Map.entry("internal.concurrent", List.of()),
            Map.entry("internal.jdk", List.of()),
            Map.entry("internal.jfr", List.of()),
            Map.entry("internal.port", List.of("clock")),
            Map.entry("clock", List.of()),
            Map.entry("metrics", List.of()),
            // floor 1
            Map.entry("task", List.of()),
            Map.entry("internal.task", List.of("task", "internal.concurrent", "internal.port")),
            Map.entry(
                    "internal.context",
                    List.of("internal.task", "task", "internal.concurrent", "internal.port", "internal.jdk")),
            // floor 2
            Map.entry("internal.timer", List.of("clock", "metrics")),
            Map.entry(
                    "internal.blocking",
                    List.of("internal.task", "internal.context", "task", "internal.port", "clock", "metrics")),
            Map.entry(
                    "internal.admission",
                    List.of("internal.task", "internal.context", "task", "internal.port", "clock", "metrics")),
            Map.entry("channel", List.of("task", "internal.port")),
            // floor 3
            Map.entry(
                    "internal.scheduler",
                    List.of(
                            "internal.timer",
                            "internal.task",
                            "internal.context",
                            "task",
                            "internal.concurrent",
                            "internal.jdk",
                            "internal.jfr",
                            "internal.port",
                            "clock",
                            "metrics")),
            Map.entry("time", List.of("task", "clock", "internal.port")),
            Map.entry("scope", List.of("task", "clock", "internal.port")));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.weft");

    static Stream<String> packages() {
        return MAY_IMPORT.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("packages")
    void packageImportsOnlyWhatItMay(String name) {
        String[] allowed = Stream.concat(Stream.of(name), MAY_IMPORT.get(name).stream())
                .map(each -> "dev.weft." + each)
                .toArray(String[]::new);
        classes()
                .that()
                .resideInAPackage("dev.weft." + name)
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage(allowed).or(DescribedPredicate.not(resideInAPackage("dev.weft.."))))
                .check(CLASSES);
    }

    @Test
    void everyPackageIsOnAFloor() {
        assertThat(CLASSES.stream().map(JavaClass::getPackageName).distinct())
                .allMatch(name -> name.equals("dev.weft")
                        || MAY_IMPORT.containsKey(name.substring("dev.weft.".length())));
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.weft.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void nothingInternalIsInAPublicSignature() {
        DescribedPredicate<JavaClass> internal = resideInAPackage("dev.weft.internal..");
        methods()
                .that()
                .areDeclaredInClassesThat(DescribedPredicate.not(internal).and(publicTypes()))
                .and()
                .haveModifier(PUBLIC)
                .should()
                .notHaveRawReturnType(internal)
                .andShould()
                .notHaveRawParameterTypes(DescribedPredicate.describe(
                        "internal ones", types -> types.stream().anyMatch(internal::test)))
                .check(CLASSES);
    }

    private static DescribedPredicate<JavaClass> publicTypes() {
        return DescribedPredicate.describe("public", type -> type.getModifiers().contains(PUBLIC));
    }
}
