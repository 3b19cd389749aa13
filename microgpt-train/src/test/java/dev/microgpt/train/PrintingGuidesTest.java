package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Java in some documents compiles, runs, and prints what its last comment says. */
class PrintingGuidesTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"generation.md", "tokenizers.md"})
    void exampleCompilesAndPrintsTheTextInItsComment(String document) throws Exception {
        List<String> blocks = DocumentedJava.blocks(Path.of("..", "docs", document));
        assertEquals(1, blocks.size());
        Matcher printed = Pattern.compile("println.*// (.*)").matcher(blocks.get(0));
        assertTrue(printed.find());
        assertEquals(
                printed.group(1), new DocumentedJava(folder).run(blocks.get(0)).strip());
    }
}
