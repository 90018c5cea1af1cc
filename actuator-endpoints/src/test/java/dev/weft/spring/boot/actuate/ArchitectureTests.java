/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.spring.boot.actuate;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.core.domain.JavaModifier.PUBLIC;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/*
 * | Package                     | May import of Weft                                                       |
 * |-----------------------------|--------------------------------------------------------------------------|
 * | endpoint, health, metrics   | the engine's public packages and dev.weft.spring; never each other       |
 * | autoconfigure               | the same, the three above, and dev.weft.spring.boot.autoconfigure        |
 */
class ArchitectureTests {

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.weft.spring.boot.actuate");

    @Test
    void onlyAutoConfigurationKnowsTheSiblings() {
        String root = "dev.weft.spring.boot.actuate.";
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("endpoint").definedBy(root + "endpoint..")
                .layer("health").definedBy(root + "health..")
                .layer("metrics").definedBy(root + "metrics..")
                .layer("autoconfigure").definedBy(root + "autoconfigure..")
                .whereLayer("endpoint").mayOnlyBeAccessedByLayers("autoconfigure")
                .whereLayer("health").mayOnlyBeAccessedByLayers("autoconfigure")
                .whereLayer("metrics").mayOnlyBeAccessedByLayers("autoconfigure")
                .whereLayer("autoconfigure").mayNotBeAccessedByAnyLayer()
                .check(classes);
    }

    @Test
    void onlyAutoConfigurationKnowsThatOfTheRuntimes() {
        noClasses()
                .that().resideOutsideOfPackage("dev.weft.spring.boot.actuate.autoconfigure")
                .should().dependOnClassesThat().resideInAPackage("dev.weft.spring.boot.autoconfigure..")
                .check(classes);
    }

    @Test
    void nobodyKnowsTheInsideOfTheEngine() {
        noClasses().should().dependOnClassesThat(resideInAPackage("dev.weft.internal..")).check(classes);
    }

    @Test
    void autoConfigurationsArePublicAndFinal() {
        classes().that().areAnnotatedWith(AutoConfiguration.class)
                .should().haveModifier(PUBLIC).andShould().haveModifier(FINAL)
                .check(classes);
    }

    @Test
    void beanMethodsAreNotPublic() {
        methods().that().areAnnotatedWith(Bean.class).should().notBePublic().check(classes);
    }
}
