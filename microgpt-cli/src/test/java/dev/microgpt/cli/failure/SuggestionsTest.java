package dev.microgpt.cli.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @ParameterizedTest
    @CsvSource({
        "trian, train",
        "evla, eval",
        "inf, info",
        "tokenzier, tokenizer",
        "imports, import",
        "tok, tokenizer",
        "serve,",
        "compare,",
        "test,",
        "t,",
        "'',"
    })
    void onlyACloseNameIsSuggested(String wanted, String meant) {
        List<String> names = List.of("train", "sample", "eval", "info", "data", "tokenizer", "import", "export");
        assertEquals(meant == null ? List.of() : List.of(meant), Suggestions.closest(wanted, names));
    }

    @Test
    void namesThatAreEquallyCloseAreAllSuggested() {
        assertEquals(List.of("top-k", "top-p"), Suggestions.closest("top", List.of("top-k", "stop-it", "top-p")));
        assertEquals(List.of("top-k", "top-p"), Suggestions.closest("top-x", List.of("top-k", "top-pp", "top-p")));
        assertEquals(List.of(), Suggestions.closest("max", List.of("max-1", "max-2", "max-3", "max-4")));
        assertEquals("", Suggestions.question(List.of()));
        assertEquals(", did you mean top-k or top-p?", Suggestions.question(List.of("top-k", "top-p")));
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
