package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java in the README compiles, runs, and prints what its last comment says. */
class ReadmeTest {
    @TempDir
    Path folder;

    @Test
    void exampleCompilesAndPrintsTheNameInItsComment() throws Exception {
        List<String> blocks = DocumentedJava.blocks(Path.of("..", "README.md"));
        assertEquals(1, blocks.size());
        assertEquals("argis", new DocumentedJava(folder).run(blocks.get(0)).strip());
    }
}
