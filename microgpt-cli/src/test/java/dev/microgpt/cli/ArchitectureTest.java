package dev.microgpt.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The layers of the command line, from the command table down to the terminal. */
class ArchitectureTest {
    private static final String ROOT = "dev.microgpt.cli";

    /** Each layer may use the layers below it, but neither the ones above it nor another package of its own. */
    private static final List<Set<String>> LAYERS = List.of(
            Set.of(""),
            Set.of(".command"),
            Set.of(".run"),
            Set.of(".option"),
            Set.of(".data", ".folder", ".fetch", ".metrics", ".jvm", ".explain", ".serve"),
            Set.of(".failure"),
            Set.of(".terminal", ".page"));

    private static final JavaClasses CLASSES = MainClasses.read();

    @Test
    void eachLayerUsesOnlyLayersBelowIt() {
        for (int i = 0; i < LAYERS.size(); i++) {
            for (String name : LAYERS.get(i)) {
                Set<String> forbidden = new TreeSet<>(Set.of(".report"));
                for (Set<String> notBelow : LAYERS.subList(0, i + 1)) {
                    forbidden.addAll(notBelow);
                }
                forbidden.remove(name);
                if (name.equals(".run") || name.equals(".command")) {
                    forbidden.remove(".report");
                }
                ArchRuleDefinition.noClasses()
                        .that()
                        .resideInAPackage(ROOT + name)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(packages(forbidden))
                        .check(CLASSES);
            }
        }
    }

    private static String[] packages(Set<String> names) {
        return names.stream().map(ROOT::concat).toArray(String[]::new);
    }

    @Test
    void theReportUsesNothingOfTheCommandLineButItsPages() {
        ArchRuleDefinition.noClasses()
                .that()
                .resideInAPackage(ROOT + ".report")
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + "..")
                        .and(resideInAnyPackage(ROOT + ".report", ROOT + ".page")
                                .negate()
                                .as("other packages")))
                .check(CLASSES);
    }

    /** It refuses what is not an ordinary file, for which a command could wait forever. */
    @Test
    void everyInputFileIsOpenedByOrdinaryFile() {
        ArchRuleDefinition.noClasses()
                .should()
                .callMethod(Files.class, "newInputStream", Path.class, OpenOption[].class)
                .check(CLASSES);
    }

    @Test
    void everyPackageHasItsLayer() {
        Set<String> expected =
                LAYERS.stream().flatMap(Set::stream).map(ROOT::concat).collect(Collectors.toSet());
        expected.add(ROOT + ".report");
        Set<String> found = new TreeSet<>();
        CLASSES.forEach(type -> found.add(type.getPackageName()));
        assertEquals(new TreeSet<>(expected), found);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }
}
