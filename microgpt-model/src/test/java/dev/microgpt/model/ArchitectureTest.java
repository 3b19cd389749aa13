package dev.microgpt.model;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The allowed dependencies between packages; and libraries never print. */
class ArchitectureTest {
    private static final JavaClasses MODEL = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.microgpt.model");

    @Test
    void theModelKnowsOnlyTheAutogradAndTheJdk() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("dev.microgpt.model..", "dev.microgpt.autograd..", "org.jspecify..", "java..")
                .check(MODEL);
    }

    @Test
    void randomNumbersSettingsAndTheInsidesOfBpeKnowNoOtherPackage() {
        knowsOnly("dev.microgpt.model.random");
        knowsOnly("dev.microgpt.model.setting");
        knowsOnly("dev.microgpt.model.tokenizer.bpe");
    }

    @Test
    void tokenizersKnowNothingOfModels() {
        knowsOnly("dev.microgpt.model.tokenizer", "dev.microgpt.model.tokenizer.bpe");
    }

    @Test
    void layersKnowRandomNumbersButNeitherTextNorGeneration() {
        knowsOnly(
                "dev.microgpt.model",
                "dev.microgpt.model.random",
                "dev.microgpt.model.setting",
                "dev.microgpt.autograd..");
    }

    @Test
    void theCheckOfModelsKnowsLayersButNeitherTextNorGeneration() {
        knowsOnly(
                "dev.microgpt.model.check",
                "dev.microgpt.model",
                "dev.microgpt.model.random",
                "dev.microgpt.model.setting",
                "dev.microgpt.autograd..");
    }

    @Test
    void tracesKnowLayersButNeitherTextNorGeneration() {
        knowsOnly(
                "dev.microgpt.model.trace",
                "dev.microgpt.model",
                "dev.microgpt.model.random",
                "dev.microgpt.model.setting",
                "dev.microgpt.autograd..");
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.microgpt.(**)").should().beFreeOfCycles().check(MODEL);
    }

    /** Checks that, of this project, a package depends only on itself and the given others. */
    private static void knowsOnly(String itself, String... others) {
        noClasses()
                .that()
                .resideInAPackage(itself)
                .should()
                .dependOnClassesThat(resideInAPackage("dev.microgpt..")
                        .and(resideOutsideOfPackages(others))
                        .and(resideOutsideOfPackage(itself)))
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
