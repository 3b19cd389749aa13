package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records that together are larger than the heap. */
class RecordsIT {
    private static final int RECORDS = 40_000;
    private static final long SECONDS = 120;
    private static final String TEXT = "the quick brown fox jumps over the lazy dog. ".repeat(40);

    @TempDir
    private Path folder;

    @Test
    @Tag("slow")
    void dataPrepareNeedsTheMemoryOfItsLongestRecord() throws Exception {
        Path data = folder.resolve("stories.jsonl");
        write(data);
        assertTrue(Files.size(data) > 70_000_000, Files.size(data) + " bytes");
        Path out = folder.resolve("corpus");
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx32m",
                "-jar",
                System.getProperty("microgpt.jar"),
                "data",
                "prepare",
                "--data",
                data.toString(),
                "--field",
                "text",
                "--out",
                out.toString());
        Path told = folder.resolve("told");
        Process process =
                builder.redirectErrorStream(true).redirectOutput(told.toFile()).start();
        try {
            assertTrue(process.waitFor(SECONDS, TimeUnit.SECONDS), "it hangs");
        } finally {
            process.destroyForcibly();
        }
        long all = RECORDS * (TEXT.length() + 1L) - 1; // and a boundary between two
        long training = all * 9 / 10;
        assertEquals(
                List.of(
                        "microgpt: wrote " + out,
                        "vocab size: 29",
                        "training tokens: " + training,
                        "validation tokens: " + (all - training)),
                Files.readAllLines(told));
        assertEquals(2 * training, Files.size(out.resolve("train.bin")));
    }

    private static void write(Path data) throws IOException {
        try (Writer lines = Files.newBufferedWriter(data)) {
            for (int i = 0; i < RECORDS; i++) {
                lines.write("{\"id\": " + i + ", \"text\": \"" + TEXT + "\"}\n");
            }
        }
    }
}
