package dev.microgpt.model;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Arrows never point back, and libraries never print. */
class ArchitectureTest {
    private static final JavaClasses MODEL = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.microgpt.model");

    @Test
    void theModelKnowsOnlyTheAutogradTheGeneratorOfRandomNumbersAndTheJdk() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.microgpt.model..",
                        "dev.microgpt.autograd..",
                        "org.apache.commons.rng..",
                        "org.jspecify..",
                        "java..")
                .check(MODEL);
    }

    @Test
    void theModelUsesTheAutogradsPublicPackagesOnly() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.microgpt.autograd.kernel..")
                .check(MODEL);
    }

    @Test
    void nothingPrintsOrEndsTheProcess() {
        noClasses().should().accessField(System.class, "out").check(MODEL);
        noClasses().should().accessField(System.class, "err").check(MODEL);
        noClasses().should().callMethod(System.class, "exit", int.class).check(MODEL);
        noClasses().should().callMethod(Throwable.class, "printStackTrace").check(MODEL);
    }

    @Test
    void functionsWhoseBitsDependOnTheProcessorAreNotUsed() {
        for (String function : new String[] {"exp", "log", "sin", "cos", "tanh"}) {
            noClasses().should().callMethod(Math.class, function, double.class).check(MODEL);
        }
        noClasses()
                .should()
                .callMethod(Math.class, "pow", double.class, double.class)
                .check(MODEL);
    }
}
