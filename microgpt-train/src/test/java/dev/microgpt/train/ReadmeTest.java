package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ten lines of Java in the README compile, run, and print their comments; its claim of speed is measured. */
class ReadmeTest {
    @TempDir
    Path folder;

    @Test
    void tenLinesPrintTheirComments() throws Exception {
        List<String> blocks = DocumentedJava.blocks(Path.of("..", "README.md"));
        assertEquals(1, blocks.size());
        assertEquals(10, blocks.get(0).lines().count());
        List<String> comments = DocumentedJava.comments(blocks.get(0));
        assertEquals(2, comments.size());
        assertEquals(
                comments, new DocumentedJava(folder).run(blocks.get(0)).lines().toList());
    }

    /** OpenBLAS is matched on the processors of docs/benchmarks.md, not on all. */
    @Test
    void speedIsThatOfTheBenchmarksAndNamesTheProcessors() throws IOException {
        String readme = Files.readString(Path.of("..", "README.md")).replaceAll("\\s+", " ");
        Matcher claim = Pattern.compile(
                        "with AVX-512, [^.]* OpenBLAS \\([^)]* is ([0-9.]+)\\)\\. With AVX2 [^.]* not yet")
                .matcher(readme);
        assertTrue(claim.find());
        Matcher measured = Pattern.compile("Geometric mean of vector / OpenBLAS[^\n]*: ([0-9.]+?)\\.?\n")
                .matcher(Files.readString(Path.of("..", "docs", "benchmarks.md")));
        assertTrue(measured.find());
        do {
            assertEquals(Double.parseDouble(claim.group(1)), Double.parseDouble(measured.group(1)), 0.05);
        } while (measured.find());
    }
}
