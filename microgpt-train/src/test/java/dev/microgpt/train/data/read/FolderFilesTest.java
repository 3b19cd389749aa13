package dev.microgpt.train.data.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.microgpt.train.internal.disk.UnusableFileException;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderFilesTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void writeFiles() throws IOException {
        for (String file :
                List.of("b.txt", "a/z.txt", "a.txt", "a/b/c.java", "A.java", "a-b.txt", ".git/x.txt", ".x.txt")) {
            Path path = folder.resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, "text");
        }
    }

    @Test
    void filesOfAllSubfoldersAreSortedByTheirPaths() throws IOException {
        assertEquals(List.of("a-b.txt", "a.txt", "a/z.txt", "b.txt"), found("*.txt"));
        assertEquals(List.of("A.java", "a/b/c.java"), found("*.java"));
        assertEquals(List.of("A.java", "a-b.txt", "a.txt", "a/b/c.java", "a/z.txt", "b.txt"), found("*.{txt,java}"));
    }

    @Test
    void aPatternWithASlashMatchesThePathInTheFolder() throws IOException {
        assertEquals(List.of("a/z.txt"), found("a/*"));
        assertEquals(List.of("a/b/c.java", "a/z.txt"), found("a/**"));
        assertEquals(List.of("A.java", "a/b/c.java"), found("**/*.java"));
        assertEquals(List.of("a/b/c.java"), found("a/**/b/*.java"));
        assertEquals(List.of("A.java", "a/b/c.java"), found("**/*.{java,c}"));
        assertEquals(List.of("a/b/c.java", "a/z.txt"), found("a/**/*.{java,txt}"));
        assertEquals(List.of("a/b/c.java", "a/z.txt"), found("{a/**/*.java,a/**/*.txt}"));
        assertEquals(List.of("a/b/c.java"), found("**/a/**/b/**/*.{java,txt}"));
        assertEquals(List.of(), found("a/b/c.java**/"));
        assertEquals(List.of(), found("/a/*"));
    }

    @Test
    void whatIsPassedOverIsCounted() throws IOException {
        assertEquals(
                "read 4 files of " + folder
                        + "; passed over 2 files that *.txt does not match, 1 hidden file, 1 hidden folder",
                new FolderFiles(folder, "*.txt").description());
        assertEquals(
                "read 6 files of " + folder + "; passed over 1 hidden file, 1 hidden folder",
                new FolderFiles(folder, "*").description());
        assertEquals(
                "read 1 file of " + folder.resolve("a/b"), new FolderFiles(folder.resolve("a/b"), "*").description());
    }

    @Test
    void linksToFilesAreFollowedAndLinksToFoldersAreNot() throws IOException {
        Files.createSymbolicLink(folder.resolve("a/up"), folder); // a loop
        Files.createSymbolicLink(folder.resolve("link.txt"), folder.resolve("a.txt"));
        assertEquals(List.of("a-b.txt", "a.txt", "a/z.txt", "b.txt", "link.txt"), found("*.txt"));
        assertTrue(new FolderFiles(folder, "*.txt").description().endsWith(", 1 link to a folder"));
        Path link = Files.createSymbolicLink(folder.resolve("linked"), folder.resolve("a"));
        assertEquals(1, new FolderFiles(link, "*.txt").files().size(), "a folder may be named by a link");
    }

    @Test
    void aLinkToNothingIsRefused() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("broken.txt"), folder.resolve("nothing.txt"));
        UnusableFileException e = assertThrows(UnusableFileException.class, () -> found("*.txt"));
        assertEquals(link.toString(), e.getFile());
        assertTrue(e.getMessage().contains("a link to a file that does not exist"), e.getMessage());
    }

    /** A name is bytes, which may not be text; two such names look the same. */
    @Test
    void filesWithUndecodableNamesAreAllReadInTheOrderOfTheirBytes() throws IOException {
        assumeTrue(File.separatorChar == '/');
        List<Path> expected = new ArrayList<>();
        for (int b : new int[] {0xFE, 0xFF}) {
            URI name = URI.create("file://" + folder.toUri().getRawPath() + "a/%" + Integer.toHexString(b) + ".txt");
            Path path = Path.of(name);
            try {
                Files.writeString(path, "text");
            } catch (IOException refused) {
                abort("the file system has no such names: " + refused);
            }
            expected.add(path);
        }
        assertEquals(expected.get(0).toString(), expected.get(1).toString());
        List<Path> found = new FolderFiles(folder, "*.txt").files();
        assertEquals(expected, found.subList(3, 5));
        assertEquals(6, new FolderFiles(folder, "**/*.txt").files().size());
        assertEquals(3, new FolderFiles(folder, "a/*.txt").files().size());
    }

    @Test
    void anEmptyPatternIsRefused() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> found(""));
        assertEquals(
                "pattern \"\": it is empty, but must have at least one character; write for example *.txt, *.{c,h} or"
                        + " src/**/*.java",
                e.getMessage());
    }

    @Test
    void aPatternWithAnyFoldersTooOftenIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> found("**/".repeat(30) + "*.txt"));
    }

    @Test
    void aMalformedPatternIsRefused() {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> new FolderFiles(folder, "*.{txt"));
        assertTrue(e.getMessage().startsWith("pattern \"*.{txt\": "), e.getMessage());
    }

    private List<String> found(String pattern) throws IOException {
        List<String> paths = new ArrayList<>();
        for (Path file : new FolderFiles(folder, pattern).files()) {
            paths.add(folder.relativize(file).toString().replace('\\', '/'));
        }
        return paths;
    }
}
