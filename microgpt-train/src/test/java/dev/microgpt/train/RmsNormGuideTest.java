package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/rmsnorm-by-hand.md: its example gives the numbers worked out by hand, and the code it explains is the code. */
class RmsNormGuideTest {
    private static final Path GUIDE = Path.of("..", "docs", "rmsnorm-by-hand.md");
    private static final Path CODE =
            Path.of("..", "microgpt-autograd/src/main/java/dev/microgpt/autograd/op/RmsNorm.java");
    private static final Pattern COMMENT = Pattern.compile("println.*; // (.*)");

    @TempDir
    Path folder;

    @Test
    void theNumbersByHandAreThoseOfTheTape() throws Exception {
        assertPrintsItsComments(DocumentedJava.blocks(GUIDE).get(0), 2);
    }

    @Test
    void theCheckPasses() throws Exception {
        assertPrintsItsComments(DocumentedJava.blocks(GUIDE).get(3), 1);
    }

    @Test
    void theLinesExplainedAreThoseOfTheClass() throws IOException {
        List<String> blocks = DocumentedJava.blocks(GUIDE);
        assertEquals(4, blocks.size());
        String code = withoutIndentation(Files.readString(CODE));
        assertTrue(code.contains(withoutIndentation(blocks.get(1))), "forward");
        assertTrue(code.contains(withoutIndentation(blocks.get(2))), "backward");
    }

    private void assertPrintsItsComments(String block, int count) throws Exception {
        List<String> expected = new ArrayList<>();
        Matcher comment = COMMENT.matcher(block);
        while (comment.find()) {
            expected.add(comment.group(1));
        }
        assertEquals(count, expected.size());
        assertEquals(
                expected, new DocumentedJava(folder).run(block).strip().lines().toList());
    }

    private static String withoutIndentation(String code) {
        return code.replaceAll("(?m)^\\s+", "");
    }
}
