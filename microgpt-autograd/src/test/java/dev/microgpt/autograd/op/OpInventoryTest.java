package dev.microgpt.autograd.op;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.microgpt.autograd.Op;
import dev.microgpt.autograd.Operations;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** No operation without a gradient case, and none that the tape's table of contents forgets. */
class OpInventoryTest {
    private static final Set<JavaClass> OPERATIONS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("dev.microgpt.autograd").stream()
                    .filter(type -> type.getPackageName().startsWith("dev.microgpt.autograd.op"))
                    .filter(type -> type.isAssignableTo(Op.class)
                            && !type.getModifiers().contains(JavaModifier.ABSTRACT))
                    .collect(Collectors.toSet());

    @Test
    void everyOperationHasAGradientCase() {
        Set<String> checked =
                OpCases.FORMS.stream().map(form -> form.op().getName()).collect(Collectors.toSet());
        Set<String> operations = OPERATIONS.stream().map(JavaClass::getName).collect(Collectors.toSet());
        assertEquals(new TreeSet<>(operations), new TreeSet<>(checked));
    }

    @Test
    void everyOperationIsAMethodOfTheTape() {
        Set<String> made = OPERATIONS.stream()
                .filter(type -> type.getConstructorCallsToSelf().stream()
                        .anyMatch(call -> call.getOriginOwner().isEquivalentTo(Operations.class)))
                .map(JavaClass::getSimpleName)
                .collect(Collectors.toSet());
        Set<String> operations =
                OPERATIONS.stream().map(JavaClass::getSimpleName).collect(Collectors.toSet());
        assertEquals(new TreeSet<>(operations), new TreeSet<>(made));
    }
}
