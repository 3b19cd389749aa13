package dev.microgpt.cli.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuggestionsTest {
    @TempDir
    Path folder;

    @Test
    void namesWithASlipOfTheFingerAreNear() {
        assertEquals(List.of("names.txt"), Suggestions.near("nmaes.txt", "names.txt", "places.txt"));
        assertEquals(List.of("names.txt"), Suggestions.near("name.txt", "names.txt", "out"));
        assertEquals(List.of("names.csv", "names.txt"), Suggestions.near("names", "names.txt", "names.csv"));
        assertEquals(List.of(), Suggestions.near("a.b", "c.d", "x"));
    }

    @Test
    void atMostThreeAreNamed() {
        assertEquals(List.of("data1", "data2", "data3"), Suggestions.near("data", "data4", "data3", "data2", "data1"));
    }

    @Test
    void theFolderIsNamedIfItIsNotThere() throws IOException {
        Files.createFile(folder.resolve("names.txt"));
        assertEquals(", did you mean names.txt?", Suggestions.hint(folder.resolve("nmes.txt")));
        assertEquals(
                "; the folder " + folder.resolve("gone") + " does not exist",
                Suggestions.hint(folder.resolve("gone/names.txt")));
        assertEquals("", Suggestions.hint(folder.resolve("other")));
        Path toNothing = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("nothing"));
        assertEquals("", Suggestions.hint(toNothing));
    }
}
