package dev.microgpt.cli.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricsTruncationTest {
    private static final String[] LINES = {
        "{\"step\":1,\"loss\":3.5,\"tokens\":7}\n",
        "{\"step\":1,\"validation_loss\":3.25,\"best\":true}\n",
        "{\"step\":2,\"loss\":3.0,\"tokens\":7}\n",
        "{\"step\":2,\"validation_loss\":3.125,\"best\":true}\n",
        "{\"step\":2,\"samples\":[\"\u00E4\\n,\\\"loss\\\":1\"]}\n",
        "{\"step\":10,\"loss\":2.5,\"tokens\":7}\n",
    };

    @TempDir
    Path folder;

    private String cut(String content, int step, int lastStep) throws IOException {
        Path file = Files.writeString(folder.resolve("metrics.jsonl"), content);
        MetricsTruncation kept = MetricsTruncation.after(step, file);
        assertEquals(lastStep, kept.lastStep());
        assertEquals(content, Files.readString(file), "nothing is cut yet");
        try (Metrics metrics = new Metrics(file, step)) {
            assertEquals(lastStep, metrics.lastStep());
            metrics.complete();
        }
        assertEquals(kept.bytesKept(), Files.size(file));
        return Files.readString(file);
    }

    private static String first(int lines) {
        return String.join("", LINES).substring(0, lengthOf(lines));
    }

    private static int lengthOf(int lines) {
        int length = 0;
        for (int i = 0; i < lines; i++) {
            length += LINES[i].length();
        }
        return length;
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "2, 3, 2", "3, 5, 2", "9, 5, 2", "10, 6, 10", "2147483647, 6, 10"})
    void whatTheRunSaysAnewIsCutOff(int step, int lines, int lastStep) throws IOException {
        assertEquals(first(lines), cut(first(LINES.length), step, lastStep));
    }

    @Test
    void aLineWithoutItsEndIsCutOff() throws IOException {
        for (int length = lengthOf(2) + 1; length < lengthOf(3); length++) {
            assertEquals(first(2), cut(first(LINES.length).substring(0, length), 10, 1));
        }
        assertEquals("", cut("", 10, 0));
    }

    @Test
    void whatIsNoMetricsIsCutOffWithWhatFollows() throws IOException {
        assertEquals(first(1), cut(first(1) + "\u0000\u0000\n" + LINES[5], 20, 1));
        assertEquals(first(1), cut(first(1) + "{\"step\":}\n".replace("}", "99999999999999999999}") + LINES[5], 20, 1));
    }
}
