package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Operations;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/autograd.md: its table has every operation, its Java prints its comments and is that of the examples. */
class AutogradGuideTest {
    private static final Path GUIDE = Path.of("..", "docs", "autograd.md");
    private static final Path EXAMPLES =
            Path.of("..", "microgpt-autograd/src/test/java/dev/microgpt/autograd/examples");

    @TempDir
    Path folder;

    @Test
    void tableHasEveryOperation() throws IOException {
        Set<String> operations = Stream.of(Operations.class.getDeclaredMethods())
                .map(Method::getName)
                .filter(name -> !name.equals("apply"))
                .collect(Collectors.toCollection(TreeSet::new));
        String table = Files.readString(GUIDE).split("(?m)^## ")[2];
        assertTrue(table.startsWith("Operations\n"));
        Set<String> rows = table.lines()
                .filter(line -> line.startsWith("| "))
                .flatMap(row -> Pattern.compile("`tape\\.(\\w+)\\(")
                        .matcher(row.split(" \\| ")[1])
                        .results())
                .map(name -> name.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(operations, rows);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void javaPrintsItsComments(int index) throws Exception {
        String block = DocumentedJava.blocks(GUIDE).get(index);
        List<String> comments = DocumentedJava.comments(block);
        assertFalse(comments.isEmpty());
        assertEquals(
                comments, new DocumentedJava(folder).run(block).strip().lines().toList());
    }

    @ParameterizedTest
    @CsvSource({"1, LinearRegressionTest.java", "2, TwoMoonsTest.java"})
    void examplesAreThoseThatTheTestsRun(int index, String example) throws IOException {
        assertEquals(4, DocumentedJava.blocks(GUIDE).size());
        String shown = DocumentedJava.blocks(GUIDE).get(index).replaceAll("(?m)^System\\.out\\..*\n", "");
        assertTrue(
                words(Files.readString(EXAMPLES.resolve(example))).contains(words(shown)),
                "the code of " + example + " must be\n" + shown);
    }

    private static String words(String code) {
        return code.strip().replaceAll("\\s+", " ");
    }
}
