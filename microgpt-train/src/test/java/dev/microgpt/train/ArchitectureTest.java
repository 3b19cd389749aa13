package dev.microgpt.train;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.File;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Dependencies between packages never point back, and libraries never print. */
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

    /**
     * {attribution, huggingface, score, sweep} → checkpoint → {train, data, safetensors} → internal.{json, disk} →
     * internal, budget → train → data → data.read, and sweep → internal.metrics.
     */
    @Test
    void packagesDependOnLowerOnesOnly() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("attribution")
                .definedBy("dev.microgpt.train.attribution")
                .layer("budget")
                .definedBy("dev.microgpt.train.budget")
                .layer("score")
                .definedBy("dev.microgpt.train.score")
                .layer("sweep")
                .definedBy("dev.microgpt.train.sweep")
                .layer("huggingface")
                .definedBy("dev.microgpt.train.huggingface")
                .layer("checkpoint")
                .definedBy("dev.microgpt.train.checkpoint")
                .layer("train")
                .definedBy("dev.microgpt.train")
                .layer("data")
                .definedBy("dev.microgpt.train.data")
                .layer("read")
                .definedBy("dev.microgpt.train.data.read")
                .layer("safetensors")
                .definedBy("dev.microgpt.train.safetensors")
                .layer("metrics")
                .definedBy("dev.microgpt.train.internal.metrics")
                .layer("json")
                .definedBy("dev.microgpt.train.internal.json")
                .layer("disk")
                .definedBy("dev.microgpt.train.internal.disk")
                .layer("internal")
                .definedBy("dev.microgpt.train.internal")
                .whereLayer("attribution")
                .mayOnlyAccessLayers("checkpoint", "train", "data", "read")
                .whereLayer("budget")
                .mayOnlyAccessLayers("train", "internal")
                .whereLayer("score")
                .mayOnlyAccessLayers("checkpoint", "train", "data", "read", "internal")
                .whereLayer("sweep")
                .mayOnlyAccessLayers("train", "checkpoint", "metrics", "json", "disk", "internal")
                .whereLayer("huggingface")
                .mayOnlyAccessLayers("checkpoint", "data", "read", "safetensors", "json", "disk", "internal")
                .whereLayer("checkpoint")
                .mayOnlyAccessLayers("train", "data", "read", "safetensors", "json", "disk", "internal")
                .whereLayer("train")
                .mayOnlyAccessLayers("data", "read", "internal")
                .whereLayer("data")
                .mayOnlyAccessLayers("read", "json", "disk", "internal")
                .whereLayer("read")
                .mayOnlyAccessLayers("json", "disk", "internal")
                .whereLayer("safetensors")
                .mayOnlyAccessLayers("json", "disk", "internal")
                .whereLayer("metrics")
                .mayOnlyAccessLayers("disk")
                .whereLayer("json")
                .mayOnlyAccessLayers("internal")
                .whereLayer("disk")
                .mayOnlyAccessLayers("internal")
                .whereLayer("internal")
                .mayNotAccessAnyLayer()
                .ensureAllClassesAreContainedInArchitectureIgnoring("java..")
                .check(TRAIN);
    }

    /** The rule above already excludes cycles among its layers; this one holds for any package added later. */
    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.microgpt.(**)").should().beFreeOfCycles().check(TRAIN);
    }

    /** It refuses what is not an ordinary file, for which a reader could wait forever. */
    @Test
    void everyInputFileIsOpenedByOrdinaryFile() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.microgpt.train.internal.disk")
                .should()
                .callMethod(Files.class, "newInputStream", Path.class, OpenOption[].class)
                .orShould()
                .callConstructor(RandomAccessFile.class, File.class, String.class)
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
