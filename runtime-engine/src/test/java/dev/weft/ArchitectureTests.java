/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import static com.tngtech.archunit.core.domain.JavaModifier.PROTECTED;
import static com.tngtech.archunit.core.domain.JavaModifier.PUBLIC;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.weft.internal.jdk.VirtualThreads;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/*
 * The floors of docs/architecture.md, row by row. Where a package-info promises less than its floor allows, the
 * promise is what counts.
 *
 * | Floor | Package                                             | May import of Weft                                  |
 * |-------|-----------------------------------------------------|-----------------------------------------------------|
 * | 0     | internal.concurrent, .jdk, .jfr, clock, metrics      | nothing                                             |
 * | 0     | internal.port                                       | clock                                               |
 * | 1     | task                                                | clock, metrics, internal.port                       |
 * | 1     | internal.task                                       | task, floor 0                                       |
 * | 1     | internal.context                                    | internal.task, task, floor 0                        |
 * | 2     | internal.timer                                      | clock, metrics, internal.concurrent                 |
 * | 2     | internal.blocking, .admission                       | internal.task, internal.context, task, floor 0      |
 * | 2     | channel                                             | task, internal.port                                 |
 * | 3     | internal.scheduler                                  | internal.* of floors 0 to 2, task, clock, metrics   |
 * | 3     | time, scope                                         | task, clock, internal.port                          |
 * | 4     | dev.weft                                            | everything                                          |
 */
@Tag("dedicated-only") // once is enough: the classes are the same in both modes
@Timeout(60)
class ArchitectureTests {

    private static final String ROOT = "dev.weft";

    private static final String[] FLOOR_0 = {"internal.concurrent", "internal.jdk", "internal.jfr", "internal.port",
        "clock", "metrics"};

    private static final Map<String, Set<String>> MAY_IMPORT = new LinkedHashMap<>();

    static {
        List.of("internal.concurrent", "internal.jdk", "internal.jfr", "clock", "metrics")
                .forEach(name -> row(name));
        row("internal.port", "clock");
        row("task", "clock", "metrics", "internal.port");
        row("internal.task", FLOOR_0, "task");
        row("internal.context", FLOOR_0, "task", "internal.task");
        row("internal.timer", "clock", "metrics", "internal.concurrent");
        row("internal.blocking", FLOOR_0, "task", "internal.task", "internal.context");
        row("internal.admission", FLOOR_0, "task", "internal.task", "internal.context");
        row("channel", "task", "internal.port");
        row(
                "internal.scheduler",
                FLOOR_0,
                "task",
                "internal.task",
                "internal.context",
                "internal.timer",
                "internal.blocking",
                "internal.admission");
        row("time", "task", "clock", "internal.port");
        row("scope", "task", "clock", "internal.port");
    }

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    private static void row(String name, String... mayImport) {
        MAY_IMPORT.put(name, Set.of(mayImport));
    }

    private static void row(String name, String[] floor, String... more) {
        MAY_IMPORT.put(name, Stream.concat(Stream.of(floor), Stream.of(more)).collect(toSet()));
    }

    // ---- floors ------------------------------------------------------------------------------------------------------

    @Test
    void everyPackageImportsWhatItsRowAllows() {
        classes()
                .that()
                .resideOutsideOfPackage(ROOT)
                .should(new ArchCondition<JavaClass>("import only what the row of their package allows") {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        Set<String> allowed = MAY_IMPORT.getOrDefault(row(type), Set.of());
                        for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                            JavaClass target = dependency.getTargetClass().getBaseComponentType();
                            if (isOurs(target) && !row(target).equals(row(type)) && !allowed.contains(row(target))) {
                                events.add(SimpleConditionEvent.violated(type, dependency.getDescription()));
                            }
                        }
                    }
                })
                .check(CLASSES);
    }

    @Test
    void everyPackageHasARow() {
        assertThat(packages().map(JavaPackage::getName))
                .filteredOn(name -> !name.equals(ROOT))
                .extracting(name -> name.substring(ROOT.length() + 1))
                .containsExactlyInAnyOrderElementsOf(MAY_IMPORT.keySet());
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void theLibraryKnowsNothingInternalButThePorts() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.weft.channel", "dev.weft.scope", "dev.weft.task", "dev.weft.time")
                .should()
                .dependOnClassesThat(ours("internal, but no port", type -> row(type).startsWith("internal.")
                        && !row(type).equals("internal.port")))
                .check(CLASSES);
    }

    // ---- what users see ----------------------------------------------------------------------------------------------

    @Test
    void noPublicSignatureNamesWhatUsersCannotSee() {
        classes()
                .that(ours("public API", ArchitectureTests::isVisibleToUsers))
                .should(new ArchCondition<JavaClass>("name only public API and the JDK in their signatures") {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        type.getSuperclass().ifPresent(parent -> report(type, "extends", parent, events));
                        type.getInterfaces().forEach(parent -> report(type, "implements", parent, events));
                        type.getTypeParameters().forEach(variable -> report(type, "is bounded by", variable, events));
                        type.getMembers().stream().filter(ArchitectureTests::isVisible).forEach(member -> member
                                .getAllInvolvedRawTypes()
                                .forEach(named -> report(type, member, named, events)));
                    }

                    private void report(JavaClass type, Object where, JavaType named, ConditionEvents events) {
                        named.getAllInvolvedRawTypes()
                                .stream()
                                .map(JavaClass::getBaseComponentType)
                                .filter(involved -> isOurs(involved) && !isVisibleToUsers(involved))
                                .forEach(involved -> events.add(SimpleConditionEvent.violated(
                                        type, type.getName() + ": " + where + " " + involved.getName())));
                    }
                })
                .check(CLASSES);
    }

    @Test
    void theModuleExportsWhatIsNotInternal() throws IOException, URISyntaxException {
        Path root = Path.of(WeftRuntime.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        ModuleDescriptor module;
        try (InputStream in = Files.newInputStream(root.resolve("module-info.class"))) {
            module = ModuleDescriptor.read(in);
        }
        assertThat(module.exports()).allMatch(export -> !export.isQualified());
        assertThat(module.opens()).isEmpty();
        assertThat(module.exports())
                .extracting(ModuleDescriptor.Exports::source)
                .containsExactlyInAnyOrderElementsOf(packages().map(JavaPackage::getName)
                        .filter(name -> !name.startsWith("dev.weft.internal."))
                        .toList());
        assertThat(module.requires())
                .extracting(ModuleDescriptor.Requires::name)
                .containsExactlyInAnyOrder("java.base", "jdk.jfr", "org.jspecify");
    }

    @Test
    void everyPackageIsNullMarked() {
        assertThat(packages()).isNotEmpty().allSatisfy(each -> {
            assertThat(each.tryGetPackageInfo()).as("package-info of %s", each.getName()).isPresent();
            assertThat(each.isAnnotatedWith(NullMarked.class)).as("@NullMarked of %s", each.getName()).isTrue();
        });
    }

    // ---- what the engine needs ---------------------------------------------------------------------------------------

    @Test
    void thereIsNoDependencyButTheJdkAndJSpecify() {
        Set<String> javaBase = Object.class.getModule().getPackages();
        noClasses()
                .should()
                .dependOnClassesThat(theirs("in neither java.base, jdk.jfr nor JSpecify", type -> {
                    String name = type.getPackageName();
                    return !javaBase.contains(name) && !name.equals("jdk.jfr")
                            && !name.equals("org.jspecify.annotations");
                }))
                .check(CLASSES);
    }

    @Test
    void onlyTheirPackageKnowsFlightRecordersEvents() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.weft.internal.jfr")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jdk.jfr..")
                .check(CLASSES);
    }

    @Test
    void onlyOneClassReachesIntoTheJdk() {
        noClasses()
                .that(ours("not VirtualThreads", type -> !type.getName().startsWith(VirtualThreads.class.getName())))
                .should()
                .accessTargetWhere(new DescribedPredicate<JavaAccess<?>>("makes private things accessible") {
                    @Override
                    public boolean test(JavaAccess<?> access) {
                        String owner = access.getTargetOwner().getName();
                        String name = access.getName();
                        return name.equals("setAccessible")
                                || name.equals("trySetAccessible")
                                || owner.equals("java.lang.invoke.MethodHandles") && name.equals("privateLookupIn")
                                || owner.equals("java.lang.invoke.MethodHandles$Lookup") && name.startsWith("unreflect")
                                || owner.equals("java.lang.invoke.MethodHandles$Lookup") && name.equals("findClass")
                                || owner.equals("java.lang.Class") && name.equals("forName")
                                || owner.equals("java.lang.Class") && name.startsWith("getDeclared");
                    }
                })
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("java.lang.reflect..", "sun..", "jdk.internal..")
                .check(CLASSES);
    }

    @Test
    void onlyThePackagesThatRunThreadsKnowTheOneThatReachesIntoTheJdk() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "dev.weft", "dev.weft.internal.jdk", "dev.weft.internal.context", "dev.weft.internal.scheduler")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.weft.internal.jdk")
                .check(CLASSES);
    }

    // ---- the words of the rules --------------------------------------------------------------------------------------

    private static Stream<JavaPackage> packages() {
        JavaPackage root = CLASSES.getPackage(ROOT);
        return Stream.concat(Stream.of(root), root.getSubpackagesInTree().stream())
                .filter(each -> !each.getClasses().isEmpty());
    }

    private static boolean isOurs(JavaClass type) {
        return type.getPackageName().equals(ROOT) || type.getPackageName().startsWith(ROOT + ".");
    }

    /** The package as the table spells it. */
    private static String row(JavaClass type) {
        String name = type.getPackageName();
        return name.equals(ROOT) ? "" : name.substring(ROOT.length() + 1);
    }

    private static boolean isVisible(JavaMember member) {
        Set<JavaModifier> modifiers = member.getModifiers();
        return modifiers.contains(PUBLIC) || modifiers.contains(PROTECTED);
    }

    private static boolean isVisibleToUsers(JavaClass type) {
        boolean visible = type.getModifiers().contains(PUBLIC) || type.getModifiers().contains(PROTECTED);
        return visible
                && isOurs(type)
                && !row(type).startsWith("internal.")
                && type.getEnclosingClass().map(ArchitectureTests::isVisibleToUsers).orElse(true);
    }

    private static DescribedPredicate<JavaClass> ours(String description, Predicate<JavaClass> what) {
        return DescribedPredicate.describe(description, type -> isOurs(type) && what.test(type));
    }

    private static DescribedPredicate<JavaClass> theirs(
            String description, Predicate<JavaClass> what) {
        return DescribedPredicate.describe(description, type -> {
            JavaClass base = type.getBaseComponentType();
            return !base.isPrimitive() && !isOurs(base) && what.test(base);
        });
    }
}
