package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of docs/library.md compile in its program, run one after another, and print their comments. */
class LibraryGuideTest {
    private static final String PLACE = "// an example\n";

    @TempDir
    Path folder;

    @Test
    void examplesPrintTheirComments() throws Exception {
        List<String> blocks = DocumentedJava.blocks(Path.of("..", "docs", "library.md"));
        List<String> examples = blocks.subList(1, blocks.size());
        assertTrue(blocks.get(0).contains(PLACE) && examples.size() >= 10, blocks::toString);
        DocumentedJava java = new DocumentedJava(folder);
        java.compile(sources(java, blocks.get(0), examples));
        for (int i = 0; i < examples.size(); i++) {
            List<String> comments = DocumentedJava.comments(examples.get(i));
            assertFalse(comments.isEmpty());
            List<String> printed =
                    new ArrayList<>(java.main("Example" + i).lines().toList());
            printed.removeIf(line -> line.matches("step \\d+: .*")); // those of a loop have no comments
            assertEquals(comments, printed, examples.get(i));
        }
    }

    private static Path[] sources(DocumentedJava java, String program, List<String> examples) throws IOException {
        Path[] sources = new Path[examples.size()];
        for (int i = 0; i < sources.length; i++) {
            String name = "Example" + i;
            String code = program.replace("class Example", "class " + name).replace(PLACE, examples.get(i));
            sources[i] = java.source(name + ".java", java.here(code));
        }
        return sources;
    }
}
