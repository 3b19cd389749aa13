package dev.microgpt.cli.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.train.data.read.DataException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailuresTest {
    @Test
    void wrongContentThatIsFoundLateIsStillWrongContent() {
        DataException content = new DataException("data train.bin: the id 70");
        assertReported(ExitCode.CONTENT, "microgpt: data train.bin: the id 70\n", new UncheckedIOException(content));
    }

    @Test
    void whatCannotBeWrittenIsAFailureOfOutput() {
        IOException full = new IOException("No space left on device");
        assertReported(
                ExitCode.IO,
                "microgpt: standard output: No space left on device\n",
                new UncheckedIOException("standard output: No space left on device", full));
    }

    @Test
    void whatTheSystemSaysInAnotherLanguageIsNotNeeded(@TempDir Path folder) throws IOException {
        Path file = Files.createFile(folder.resolve("names.txt"));
        assertDescribed(": a part of its path must be a folder, but is a file", file.resolve("x"), "Kein Verzeichnis");
        assertDescribed(" must be a file, but is a folder", folder, "Ist ein Verzeichnis");
        assertDescribed(": the system reports \"Das Ger\u00E4t brennt\"", file, "Das Ger\u00E4t brennt");
        assertEquals(
                folder.resolve("nmes.txt") + ": no such file or folder, did you mean names.txt?",
                Failures.describe(new NoSuchFileException(folder + "/nmes.txt")));
        assertEquals(
                "input or output failed: the system reports \"Das Ger\u00E4t brennt\"",
                Failures.describe(new IOException("Das Ger\u00E4t brennt")));
    }

    private static void assertDescribed(String message, Path file, String ofTheSystem) {
        FileSystemException failure = new FileSystemException(file.toString(), null, ofTheSystem);
        assertEquals(file + message, Failures.describe(failure));
        assertReported(ExitCode.IO, "microgpt: " + file + message + "\n", new UncheckedIOException(failure));
    }

    private static void assertReported(int exitCode, String message, Throwable failure) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(new ByteArrayOutputStream(), err);
        assertEquals(exitCode, Failures.report(terminal, failure, false));
        assertEquals(message, err.toString(StandardCharsets.UTF_8));
    }
}
