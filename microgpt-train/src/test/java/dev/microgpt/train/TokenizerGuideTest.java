package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java in docs/tokenizers.md compiles, runs, and prints what its last comment says. */
class TokenizerGuideTest {
    @TempDir
    Path folder;

    @Test
    void exampleCompilesAndPrintsTheTokensInItsComment() throws Exception {
        List<String> blocks = DocumentedJava.blocks(Path.of("..", "docs", "tokenizers.md"));
        assertEquals(1, blocks.size());
        Matcher printed = Pattern.compile("println.*// (.*)").matcher(blocks.get(0));
        assertTrue(printed.find());
        assertEquals(
                printed.group(1), new DocumentedJava(folder).run(blocks.get(0)).strip());
    }
}
