package dev.microgpt.cli.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Op;
import dev.microgpt.autograd.op.Rotary;
import dev.microgpt.autograd.op.element.SoftCap;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OpSourceTest {
    private static final Path SOURCES = Path.of("..", "microgpt-autograd", "src", "main", "java");

    /** A page shows them for any operation that a model uses. */
    @Test
    void everyOperationHasItsFormulaAndWhatItIsAbout() throws Exception {
        int operations = 0;
        for (Path file : sources()) {
            String name = SOURCES.relativize(file)
                    .toString()
                    .replace(".java", "")
                    .replace(file.getFileSystem().getSeparator(), ".");
            Class<?> type = Class.forName(name);
            if (Op.class.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers())) {
                OpSource source = OpSource.of(type.asSubclass(Op.class));
                assertNotNull(source, name);
                assertTrue(source.formula().matches("y(\\[.*\\])? = .+"), name + ": " + source.formula());
                assertTrue(source.about().endsWith("."), name + ": " + source.about());
                assertTrue(source.text().equals(Files.readString(file)), name);
                operations++;
            }
        }
        assertTrue(operations > 40, operations + " operations");
    }

    @Test
    void theFormulaIsNotTheNameOfOneOfItsParts() {
        assertEquals("y = c·tanh(x / c)", OpSource.of(SoftCap.class).formula());
        assertEquals(
                "y[i] = x[i]·cos(a) − x[i + d/2]·sin(a)",
                OpSource.of(Rotary.class).formula());
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES.resolve("dev/microgpt/autograd/op"))) {
            return files.filter(file -> file.toString().endsWith(".java") && !file.endsWith("package-info.java"))
                    .toList();
        }
    }
}
