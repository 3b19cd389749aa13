package dev.microgpt.train.internal.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.SyncFailedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each operation on real files; CrashStateTest of the CLI tests their combination. */
class SystemFilesTest {
    @TempDir
    Path folder;

    private final FileOperations files = new SystemFiles();

    private static Path link(Path link, Path target) {
        try {
            return Files.createSymbolicLink(link, target);
        } catch (IOException | UnsupportedOperationException unsupported) {
            assumeTrue(false, "skipped: no symbolic links here");
            throw new AssertionError(unsupported);
        }
    }

    private void write(Path file, int... bytes) throws IOException {
        try (FileOperations.NewFile out = files.create(file)) {
            for (int b : bytes) {
                out.write(b);
            }
            out.sync();
        }
    }

    @Test
    void aNewFileReplacesWhatHasItsName() throws IOException {
        Path file = folder.resolve("file");
        write(file, 1, 2, 3);
        write(file, 4);
        assertArrayEquals(new byte[] {4}, Files.readAllBytes(file));
    }

    @Test
    void nothingIsWrittenThroughALink() throws IOException {
        Path foreign = Files.writeString(folder.resolve("foreign"), "not ours");
        for (Path target : new Path[] {foreign, folder.resolve("missing")}) {
            Path link = link(folder.resolve("link"), target);
            write(link, 1);
            assertFalse(Files.isSymbolicLink(link));
            files.delete(link);
        }
        assertEquals("not ours", Files.readString(foreign));
        assertFalse(Files.exists(folder.resolve("missing")));
    }

    @Test
    void deletingALinkLeavesItsTarget() throws IOException {
        Path foreign = Files.writeString(folder.resolve("foreign"), "not ours");
        Path link = link(folder.resolve("link"), foreign);
        files.delete(link);
        files.delete(link);
        assertFalse(Files.exists(link));
        assertTrue(Files.exists(foreign));
    }

    /** Only a power failure could show that data reaches the disk, but an error shows that it is requested. */
    @Test
    void whatCannotBeMadeDurableIsAnError() throws IOException {
        FileOperations.NewFile closed = files.create(folder.resolve("file"));
        closed.close();
        assertThrows(SyncFailedException.class, closed::sync);
        assertThrows(NoSuchFileException.class, () -> files.syncFolder(folder.resolve("missing")));
    }

    @Test
    void anInterruptedThreadMakesAFolderDurableAndStaysInterrupted() throws IOException {
        Thread.currentThread().interrupt();
        try {
            files.syncFolder(folder);
        } finally {
            assertTrue(Thread.interrupted());
        }
    }
}
