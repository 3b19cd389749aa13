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

    /** What the README claims is in the table of both machines, and the first column of it is the measured one. */
    @Test
    void speedIsThatOfTheBenchmarksAndNamesTheProcessors() throws IOException {
        String readme = Files.readString(Path.of("..", "README.md")).replaceAll("\\s+", " ");
        String benchmarks = Files.readString(Path.of("..", "docs", "benchmarks.md"));
        Matcher claim = Pattern.compile("On an AMD EPYC with AVX-512, [^(]* OpenBLAS \\([^)]* is ([0-9.]+)\\), "
                        + "and a training step in float64 takes half the time of PyTorch's\\. "
                        + "On an Intel Xeon with AVX-512 the mean is ([0-9.]+), "
                        + "and a step takes as long as PyTorch's on one thread and a quarter longer on two\\.")
                .matcher(readme);
        assertTrue(claim.find());
        double epyc = Double.parseDouble(claim.group(1));
        double xeon = Double.parseDouble(claim.group(2));

        Matcher measured = Pattern.compile("Geometric mean of vector / OpenBLAS[^\n]*: ([0-9.]+?)\\.?\n")
                .matcher(benchmarks);
        assertTrue(measured.find());
        do {
            assertEquals(epyc, Double.parseDouble(measured.group(1)), 0.05);
        } while (measured.find());
        assertRatios(benchmarks, "36 matrix products, OpenBLAS", epyc, xeon);
        assertRatios(benchmarks, "training step, 1 thread, PyTorch", 2.1, 1.0);
        assertRatios(benchmarks, "training step, 2 threads, PyTorch", 2.1, 0.8);
    }

    /** Asserts that the ratios on JDK 17 and 25 are about those of the README, on both machines. */
    private static void assertRatios(String benchmarks, String row, double first, double other) {
        Matcher cells = Pattern.compile("\\| " + row + " \\| ([0-9.]+), ([0-9.]+) \\|[^|]*\\| ([0-9.]+), ([0-9.]+) \\|")
                .matcher(benchmarks);
        assertTrue(cells.find(), row);
        for (int i = 1; i <= 4; i++) {
            double claimed = i <= 2 ? first : other;
            assertEquals(claimed, Double.parseDouble(cells.group(i)), claimed / 8, row);
        }
    }
}
