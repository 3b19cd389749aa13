package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code java MicroGpt.java}: the whole algorithm in one file, which prints what the program prints. */
class OneFileTest {
    private static final boolean NIGHTLY = Boolean.getBoolean("microgpt.test.nightly");
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
    private static final Path PROJECT = Path.of("..");

    /** The lines before the losses. */
    private static final int COUNTS = 3;

    @TempDir
    Path folder;

    /** Its first 30 losses, and in the nightly build all 1,000 and the 20 names. */
    @Test
    void itPrintsTheLossesAndNamesOfTheLibrary() throws Exception {
        Path err = folder.resolve("err");
        Process process = new ProcessBuilder(
                        JAVA.toString(), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "MicroGpt.java")
                .directory(PROJECT.toFile())
                .redirectError(err.toFile())
                .start();
        try (BufferedReader lines = process.inputReader()) {
            Run library = Run.of("train", "--out", folder.resolve("out").toString());
            List<String> expected = library.out().lines().toList();
            assertEquals(COUNTS + 1000 + 2 + 20, expected.size(), library.err());
            for (String line : NIGHTLY ? expected : expected.subList(0, COUNTS + 30)) {
                assertEquals(line, lines.readLine(), () -> text(err));
            }
            if (NIGHTLY) {
                assertNull(lines.readLine());
                assertEquals(0, process.waitFor(), () -> text(err));
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void itHasAtMost300Lines() throws IOException {
        long lines = Files.readAllLines(PROJECT.resolve("MicroGpt.java")).size();
        assertTrue(lines <= 300, () -> lines + " lines");
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }
}
