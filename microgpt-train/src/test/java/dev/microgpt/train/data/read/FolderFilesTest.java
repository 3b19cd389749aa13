package dev.microgpt.train.data.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
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
        assertEquals(List.of(), found("/a/*"));
    }

    @Test
    void whatIsPassedOverIsCounted() throws IOException {
        assertEquals(
                "read 4 files of " + folder + "; passed over 2 files that *.txt does not match and 2 hidden ones",
                new FolderFiles(folder, "*.txt").description());
        assertEquals(
                "read 6 files of " + folder + "; passed over 2 hidden files",
                new FolderFiles(folder, "*").description());
        assertEquals(
                "read 1 file of " + folder.resolve("a/b"), new FolderFiles(folder.resolve("a/b"), "*").description());
    }

    @Test
    void linksToFilesAreFollowedAndLinksToFoldersAreNot() throws IOException {
        Files.createSymbolicLink(folder.resolve("a/up"), folder); // a loop
        Files.createSymbolicLink(folder.resolve("link.txt"), folder.resolve("a.txt"));
        assertEquals(List.of("a-b.txt", "a.txt", "a/z.txt", "b.txt", "link.txt"), found("*.txt"));
        assertTrue(new FolderFiles(folder, "*.txt").description().endsWith(" and 1 link to a folder"));
        Path link = Files.createSymbolicLink(folder.resolve("linked"), folder.resolve("a"));
        assertEquals(1, new FolderFiles(link, "*.txt").files().size(), "a folder may be named by a link");
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
