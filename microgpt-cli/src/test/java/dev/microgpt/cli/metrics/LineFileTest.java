package dev.microgpt.cli.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing is cut off before it has been replaced. */
class LineFileTest {
    @TempDir
    Path folder;

    private Path file(String content) throws IOException {
        return Files.writeString(folder.resolve("lines"), content);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void whatIsThereStaysUntilALineDiffers() throws IOException {
        Path file = file("1\n2\n3\n4\n5\n");
        try (LineFile lines = new LineFile(file, 2)) {
            lines.write(bytes("2\n"));
            lines.write(bytes("3\n"));
            assertEquals("1\n2\n3\n4\n5\n", Files.readString(file));
            lines.write(bytes("four\n"));
            assertEquals("1\n2\n3\nfour\n", Files.readString(file));
            lines.write(bytes("5\n"));
        }
        assertEquals("1\n2\n3\nfour\n5\n", Files.readString(file));
    }

    @Test
    void theRestIsCutOffAtTheEndOnly() throws IOException {
        Path file = file("1\n2\n3\n");
        try (LineFile lines = new LineFile(file, 0)) {
            lines.write(bytes("1\n"));
        }
        assertEquals("1\n2\n3\n", Files.readString(file));
        try (LineFile lines = new LineFile(file, 0)) {
            lines.write(bytes("1\n"));
            lines.complete();
        }
        assertEquals("1\n", Files.readString(file));
    }

    @Test
    void aNewFileWithoutLinesGoesUnlessItIsComplete() throws IOException {
        Path file = folder.resolve("new");
        new LineFile(file, 0).close();
        assertFalse(Files.exists(file));
        try (LineFile lines = new LineFile(file, 0)) {
            lines.complete();
        }
        assertTrue(Files.exists(file));
        new LineFile(file, 0).close();
        assertTrue(Files.exists(file), "it was there before");
        assertThrows(NoSuchFileException.class, () -> new LineFile(folder.resolve("none/new"), 0));
    }

    /** A disk that is full after a few bytes. */
    private static final class Full extends RandomAccessFile {
        private boolean isFull;

        Full(Path file) throws IOException {
            super(file.toFile(), "rw");
        }

        @Override
        public void write(byte[] line, int from, int count) throws IOException {
            if (isFull) {
                isFull = false; // what is restored needs no more space
                super.write(line, from, count - 1);
                throw new IOException("full");
            }
            super.write(line, from, count);
        }
    }

    @Test
    void aLineThatCannotBeWrittenChangesNothing() throws IOException {
        Path file = file("1\n2\n3\n");
        Full full = new Full(file);
        try (LineFile lines = new LineFile(file, false, full, 2)) {
            for (String line : new String[] {"b\n", "a longer line than there is\n"}) {
                full.isFull = true;
                assertEquals(
                        "full",
                        assertThrows(IOException.class, () -> lines.write(bytes(line)))
                                .getMessage());
                assertEquals("1\n2\n3\n", Files.readString(file));
            }
            lines.write(bytes("b\n"));
            full.isFull = true;
            assertThrows(IOException.class, () -> lines.write(bytes("c\n")));
            assertEquals("1\nb\n", Files.readString(file));
        }
    }
}
