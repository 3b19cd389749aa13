package dev.microgpt.train;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Arrows never point back, and libraries never print. */
class ArchitectureTest {
    private static final JavaClasses TRAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.microgpt.train");

    @Test
    void trainingKnowsOnlyTheModelTheAutogradJacksonAndTheJdk() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.microgpt.train..",
                        "dev.microgpt.model..",
                        "dev.microgpt.autograd..",
                        "tools.jackson.core..",
                        "org.slf4j..",
                        "org.jspecify..",
                        "java..")
                .check(TRAIN);
    }

    @Test
    void trainingUsesTheAutogradsPublicPackagesOnly() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.microgpt.autograd.kernel..")
                .check(TRAIN);
    }

    @Test
    void nothingPrintsOrEndsTheProcess() {
        noClasses().should().accessField(System.class, "out").check(TRAIN);
        noClasses().should().accessField(System.class, "err").check(TRAIN);
        noClasses().should().callMethod(System.class, "exit", int.class).check(TRAIN);
        noClasses().should().callMethod(Throwable.class, "printStackTrace").check(TRAIN);
    }
}
