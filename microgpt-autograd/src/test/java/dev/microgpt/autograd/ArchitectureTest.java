package dev.microgpt.autograd;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.microgpt.autograd.internal.TensorArrays;
import org.junit.jupiter.api.Test;

/** What this module may know, and what only one of its packages may. */
class ArchitectureTest {
    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.microgpt.autograd");

    @Test
    void allPackagesAreSeen() {
        for (Class<?> type : new Class<?>[] {
            Tape.class, dev.microgpt.autograd.op.element.Add.class, dev.microgpt.autograd.check.GradientCheck.class
        }) {
            assertTrue(MAIN.contain(type), type + " is missing, so the rules prove nothing");
        }
        assertTrue(MAIN.contain("dev.microgpt.autograd.kernel.ActiveKernels"));
    }

    @Test
    void dependsOnTheJdkAndTheLoggingFacadeAlone() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "jdk.incubator.vector..",
                        "org.slf4j..",
                        "org.jspecify.annotations",
                        "dev.microgpt.autograd..")
                .check(MAIN);
    }

    @Test
    void printsNothing() {
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(MAIN);
    }

    @Test
    void exitsNowhere() {
        noClasses().should().callMethod(System.class, "exit", int.class).check(MAIN);
        noClasses().should().callMethod(Runtime.class, "halt", int.class).check(MAIN);
    }

    @Test
    void onlyTheVectorKernelsKnowTheVectorApi() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.microgpt.autograd.kernel.vector")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jdk.incubator..")
                .check(MAIN);
    }

    @Test
    void onlyTheInterfaceKnowsItsImplementations() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.microgpt.autograd.kernel..")
                .and()
                .doNotHaveFullyQualifiedName(Kernels.class.getName())
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.microgpt.autograd.kernel..")
                .check(MAIN);
    }

    @Test
    void onlyTheGradientCheckExchangesTheArraysOfATensor() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.microgpt.autograd.internal", "dev.microgpt.autograd.check")
                .and()
                .doNotBelongToAnyOf(Tensor.class)
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(TensorArrays.class)
                .check(MAIN);
    }

    @Test
    void operationsOfSubpackagesKnowTheCommonOnesAndNotTheReverse() {
        String op = "dev.microgpt.autograd.op";
        for (String part : new String[] {op + ".element", op + ".reduce", op + ".shape"}) {
            assertTrue(MAIN.containPackage(part), part + " is missing, so the rule proves nothing");
            noClasses()
                    .that()
                    .resideInAPackage("dev.microgpt.autograd.op..")
                    .and()
                    .resideOutsideOfPackage(part)
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(part)
                    .check(MAIN);
        }
    }

    @Test
    void packagesOfKernelsKnowOnlyThoseBelow() {
        String kernel = "dev.microgpt.autograd.kernel";
        String[] downward = {kernel, kernel + ".vector", kernel + ".scalar", kernel + ".thread", kernel + ".function"};
        for (int i = 0; i < downward.length; i++) {
            assertTrue(MAIN.containPackage(downward[i]), downward[i] + " is missing, so the rule proves nothing");
            for (int above = 0; above < i; above++) {
                noClasses()
                        .that()
                        .resideInAPackage(downward[i])
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage(downward[above])
                        .check(MAIN);
            }
        }
    }

    @Test
    void examplesUseWhatTheModuleExports() {
        JavaClasses examples = new ClassFileImporter().importPackages("dev.microgpt.autograd.examples");
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "org.junit..",
                        "dev.microgpt.autograd",
                        "dev.microgpt.autograd.op..",
                        "dev.microgpt.autograd.check",
                        "dev.microgpt.autograd.examples")
                .check(examples);
    }

    /** Their bits depend on the processor. */
    @Test
    void transcendentalsOfTheProcessorAreNotUsed() {
        for (String function : new String[] {"exp", "log", "tanh", "sin", "cos", "log10", "expm1", "log1p", "cbrt"}) {
            noClasses().should().callMethod(Math.class, function, double.class).check(MAIN);
        }
        noClasses()
                .should()
                .callMethod(Math.class, "pow", double.class, double.class)
                .check(MAIN);
    }
}
