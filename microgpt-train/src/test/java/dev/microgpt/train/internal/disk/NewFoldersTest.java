package dev.microgpt.train.internal.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NewFoldersTest {
    @TempDir
    Path folder;

    @Test
    void foldersGoWithAFailureAsFarAsTheyAreNewAndEmpty() throws IOException {
        Path old = Files.createDirectory(folder.resolve("old"));
        Path result = old.resolve("a/b");
        assertThrows(
                OutOfMemoryError.class,
                () -> NewFolders.with(result, () -> {
                    throw new OutOfMemoryError("of the test");
                }));
        assertFalse(Files.exists(old.resolve("a")));
        assertTrue(Files.exists(old));
        assertThrows(
                IOException.class,
                () -> NewFolders.with(result, () -> {
                    Files.createFile(old.resolve("a/other"));
                    throw new IOException("of the test");
                }));
        assertTrue(Files.exists(old.resolve("a/other")));
        assertFalse(Files.exists(result));
    }

    @Test
    void foldersStayWithAResult() throws IOException {
        assertEquals(7, NewFolders.with(folder.resolve("a/b"), () -> 7));
        assertTrue(Files.isDirectory(folder.resolve("a/b")));
    }

    @Test
    void whereNoFolderCanBeNothingIsLeft() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertThrows(IOException.class, () -> NewFolders.create(file.resolve("a/b")));
        assertTrue(Files.exists(file));
        Path link = folder.resolve("link");
        try {
            Files.createSymbolicLink(link, Path.of("none"));
        } catch (IOException | UnsupportedOperationException unsupported) {
            assumeTrue(false, "skipped: no symbolic links here");
        }
        assertThrows(IOException.class, () -> NewFolders.create(link.resolve("a")));
        assertTrue(Files.isSymbolicLink(link));
    }
}
