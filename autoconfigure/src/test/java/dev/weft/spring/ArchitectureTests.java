/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.core.domain.JavaModifier.PUBLIC;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/*
 * | Package                              | May import of Weft                         |
 * |--------------------------------------|--------------------------------------------|
 * | dev.weft.spring                      | the engine's public packages               |
 * | dev.weft.spring.boot.autoconfigure   | the same, and dev.weft.spring              |
 *
 * Neither knows Actuator or Micrometer, nor anything internal of the engine.
 */
class ArchitectureTests {

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.weft.spring");

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.weft.spring.(**)..").should().beFreeOfCycles().check(classes);
    }

    @Test
    void userTypesDoNotKnowTheConfiguration() {
        noClasses()
                .that()
                .resideInAPackage("dev.weft.spring")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.weft.spring.boot..")
                .check(classes);
    }

    @Test
    void nobodyKnowsActuatorMicrometerOrTheInsideOfTheEngine() {
        noClasses()
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        "dev.weft.internal..",
                        "org.springframework.boot.actuate..",
                        "org.springframework.boot.health..",
                        "io.micrometer.."))
                .check(classes);
    }

    @Test
    void autoConfigurationsArePublicAndFinal() {
        classes()
                .that()
                .areAnnotatedWith(AutoConfiguration.class)
                .should()
                .haveModifier(PUBLIC)
                .andShould()
                .haveModifier(FINAL)
                .check(classes);
    }

    @Test
    void beanMethodsAreNotPublic() {
        methods().that().areAnnotatedWith(Bean.class).should().notBePublic().check(classes);
    }
}
